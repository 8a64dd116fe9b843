import ts from 'typescript';
import type { EntryPoint } from './entryPoints';

/** Where something is declared, as API Extractor names it: lines and columns from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

type Named = ts.NamedDeclaration & { readonly name: ts.Node };

/** The declarations of an entry point as the compiler, and so an editor, knows them. */
export class Declarations {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #exported: ReadonlySet<string>;

  constructor({ declarations, beside }: EntryPoint) {
    const files = [declarations, ...(beside === undefined ? [] : [beside.declarations])];
    this.#program = ts.createProgram(files, {
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      skipLibCheck: true,
      types: ['node'],
    });
    this.#checker = this.#program.getTypeChecker();
    this.#exported = new Set(files.flatMap((file) => this.#exportsOf(file)));
  }

  /** Whether users can name what is declared there, and are meant to. */
  isPublic(place: Place): boolean {
    const path = this.#pathTo(place);
    const [outermost] = path;
    return (
      outermost !== undefined &&
      this.#exported.has(outermost.name.getText()) &&
      !path.some((declaration) => this.#isInternal(this.#symbolOf(declaration)))
    );
  }

  /**
   * Whether what is declared there needs no words of its own. An editor shows those of the interface that it implements,
   * and what a property is, its name and its type say beside those of its owner.
   */
  speaksForItself(place: Place): boolean {
    const declaration = this.#pathTo(place).at(-1);
    if (declaration === undefined) return false;
    if (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration)) return true;
    const documentation = this.#symbolOf(declaration)?.getDocumentationComment(this.#checker) ?? [];
    return documentation.length > 0;
  }

  /**
   * Whether a user who meets a name in the declaration there would want to import it: a type that is not internal. Schemas
   * and lists that types are inferred from are values.
   */
  isWanted(name: string, place: Place): boolean {
    if (this.#exported.has(name)) return false;
    const declaration = this.#pathTo(place).at(-1);
    const mention = declaration && findIdentifier(declaration, name);
    const symbol = mention && this.#resolve(this.#checker.getSymbolAtLocation(mention));
    return symbol === undefined || !(symbol.flags & ts.SymbolFlags.Variable || this.#isInternal(symbol));
  }

  #exportsOf(file: string): string[] {
    const source = this.#program.getSourceFile(file);
    const module = source && this.#checker.getSymbolAtLocation(source);
    return module ? this.#checker.getExportsOfModule(module).map(({ name }) => name) : [];
  }

  /** The named declarations around a place, from the outermost to the one that begins there. */
  #pathTo({ file, line, column }: Place): Named[] {
    const source = this.#program.getSourceFile(file);
    if (source === undefined) return [];
    const position = source.getPositionOfLineAndCharacter(line - 1, column - 1);
    const path: Named[] = [];
    const descend = (node: ts.Node): void => {
      if (position < node.getStart() || position >= node.end) return;
      if (isDeclaration(node)) path.push(node);
      ts.forEachChild(node, descend);
    };
    ts.forEachChild(source, descend);
    return path;
  }

  #symbolOf({ name }: Named): ts.Symbol | undefined {
    return this.#checker.getSymbolAtLocation(name);
  }

  #isInternal(symbol: ts.Symbol | undefined): boolean {
    return symbol?.getJsDocTags(this.#checker).some((tag) => tag.name === 'internal') ?? false;
  }

  #resolve(symbol: ts.Symbol | undefined): ts.Symbol | undefined {
    const isAlias = symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias;
    return isAlias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }
}

/** What may have words of its own: not a parameter, nor what is nested in a type. */
function isDeclaration(node: ts.Node): node is Named {
  const isNamed = 'name' in node && node.name !== undefined;
  return isNamed && (ts.isStatement(node) || ts.isClassElement(node) || ts.isTypeElement(node));
}

function findIdentifier(node: ts.Node, text: string): ts.Node | undefined {
  if (ts.isIdentifier(node) && node.text === text) return node;
  return ts.forEachChild(node, (child) => findIdentifier(child, text));
}
