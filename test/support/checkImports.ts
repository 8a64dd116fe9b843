import { posix } from 'node:path';
import { findCycle } from './findCycle';
import { type ModuleImport, readImports } from './readImports';

/** Who may import whom. A part is a folder of `src/`, `leaf`, or `index` for the root file. */
export interface ImportRules {
  /** The package's own name: importing it by name is importing `src/`. */
  readonly packageName: string;
  /** The root files, without extension, that make up the part `leaf`. */
  readonly leaves: readonly string[];
  /** Each part, and the parts it may import, be it only for a type. */
  readonly arrows: Readonly<Record<string, readonly string[]>>;
  /** Packages of which these parts may know the types only. */
  readonly typesOnly: { readonly packages: RegExp; readonly within: readonly string[] };
  /** Packages that only these parts may import, be it only for a type. */
  readonly confined: { readonly packages: RegExp; readonly to: readonly string[] };
}

/** An import, and the parts at both ends of it; `to` is undefined for a package. */
interface PlacedImport extends ModuleImport {
  readonly place: string;
  readonly from: string;
  readonly to: string | undefined;
}

/** The ways in which the sources break the rules, one line each. Paths begin with `src/`. */
export function checkImports(files: ReadonlyMap<string, string>, rules: ImportRules): string[] {
  const imports = [...files].flatMap(([path, source]) => placeImports(path, source, rules));
  return [
    ...unknownParts(files, rules),
    ...imports.flatMap((one) => [...brokenArrow(one, rules), ...brokenPackageRule(one, rules)]),
    ...cycles(imports),
  ];
}

function placeImports(path: string, source: string, rules: ImportRules): PlacedImport[] {
  return readImports(path, source).map((one) => ({
    ...one,
    place: `${path}:${one.line}`,
    from: partOf(path, rules),
    to: targetOf(path, one.specifier, rules),
  }));
}

function targetOf(path: string, specifier: string | undefined, rules: ImportRules): string | undefined {
  if (specifier === undefined) return undefined;
  if (specifier.startsWith('.')) return partOf(posix.join(posix.dirname(path), specifier), rules);
  if (specifier === rules.packageName) return 'index';
  if (specifier.startsWith(`${rules.packageName}/`)) return specifier.slice(rules.packageName.length + 1);
  return undefined;
}

function partOf(path: string, rules: ImportRules): string {
  const [root, ...inside] = path.replace(/\.[jt]s$/, '').split('/');
  if (root !== 'src') return `${path}, outside src`;
  const [first = 'index'] = inside;
  return inside.length === 1 && rules.leaves.includes(first) ? 'leaf' : first;
}

function unknownParts(files: ReadonlyMap<string, string>, rules: ImportRules): string[] {
  const parts = new Set([...files.keys()].map((path) => partOf(path, rules)));
  return [...parts]
    .filter((part) => !Object.hasOwn(rules.arrows, part))
    .map((part) => `src/${part}: has no place in the table`);
}

function brokenArrow({ place, from, to, specifier }: PlacedImport, rules: ImportRules): string[] {
  if (specifier === undefined) return [`${place}: a computed import cannot be checked`];
  if (to === undefined || to === from) return [];
  if (rules.arrows[from]?.includes(to)) return [];
  return [`${place}: ${from} may not import ${to}`];
}

function brokenPackageRule(one: PlacedImport, { typesOnly, confined }: ImportRules): string[] {
  const { place, from, to, specifier, typeOnly } = one;
  if (to !== undefined || specifier === undefined) return [];
  if (typesOnly.packages.test(specifier) && typesOnly.within.includes(from) && !typeOnly) {
    return [`${place}: ${from} may not import ${specifier} at run time`];
  }
  if (confined.packages.test(specifier) && !confined.to.includes(from)) {
    return [`${place}: ${from} may not import ${specifier}`];
  }
  return [];
}

function cycles(imports: readonly PlacedImport[]): string[] {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    if (to === undefined || to === from) continue;
    graph.set(from, (graph.get(from) ?? new Set()).add(to));
  }
  const cycle = findCycle(graph);
  return cycle ? [`a cycle: ${cycle.join(' -> ')}`] : [];
}
