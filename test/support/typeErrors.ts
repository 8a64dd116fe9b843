import { dirname, join, sep } from 'node:path';
import ts from 'typescript';

/** How a consumer's compiler finds modules. */
export type ModuleSystem = 'node16' | 'nodenext' | 'node10';

const MODULE_OPTIONS: Record<ModuleSystem, ts.CompilerOptions> = {
  node16: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  node10: { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
};

/**
 * What the compiler, at its strictest, finds wrong in `file` and in the declaration files of the package in
 * `packageDirectory`. Those of other packages count for nothing: botbuilder's have errors of their own.
 */
export function typeErrors(file: string, packageDirectory: string, moduleSystem: ModuleSystem): string[] {
  const program = ts.createProgram([file], {
    ...MODULE_OPTIONS[moduleSystem],
    target: ts.ScriptTarget.ES2022,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(dirname(packageDirectory), '@types')],
  });
  const checked = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === file || isInside(packageDirectory, fileName));
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...checked.flatMap((one) => [
      ...program.getSyntacticDiagnostics(one),
      ...program.getSemanticDiagnostics(one),
    ]),
  ];
  return diagnostics.map(describeDiagnostic);
}

function isInside(directory: string, fileName: string): boolean {
  return fileName.startsWith(`${directory.replaceAll(sep, '/')}/`);
}

function describeDiagnostic({ file, messageText }: ts.Diagnostic): string {
  return `${file?.fileName ?? 'options'}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}
