import ts from 'typescript';

/** One mention of another module in a source file. */
export interface ModuleImport {
  /** What stands between the quotes; undefined where the name is computed. */
  readonly specifier: string | undefined;
  /** True when nothing of it is left in the JavaScript. */
  readonly typeOnly: boolean;
  readonly line: number;
}

interface Reference {
  readonly module: ts.Node | undefined;
  readonly typeOnly: boolean;
}

/** Everything a source file imports: `import`, `export … from`, `import()`, `require()`, `import('…').Type`. */
export function readImports(path: string, source: string): ModuleImport[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found: ModuleImport[] = [];
  const visit = (node: ts.Node): void => {
    const reference = referenceIn(node);
    if (reference) found.push({ ...described(reference), line: lineOf(file, node) });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function described({ module, typeOnly }: Reference): Omit<ModuleImport, 'line'> {
  const specifier = module && ts.isStringLiteralLike(module) ? module.text : undefined;
  return { specifier, typeOnly };
}

function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

function referenceIn(node: ts.Node): Reference | undefined {
  return fromDeclaration(node) ?? fromExpression(node);
}

function fromDeclaration(node: ts.Node): Reference | undefined {
  if (ts.isImportDeclaration(node)) {
    return { module: node.moduleSpecifier, typeOnly: importsOnlyTypes(node.importClause) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { module: node.moduleSpecifier, typeOnly: node.isTypeOnly || namesOnlyTypes(node.exportClause) };
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return { module: node.moduleReference.expression, typeOnly: node.isTypeOnly };
  }
  return undefined;
}

function fromExpression(node: ts.Node): Reference | undefined {
  if (ts.isImportTypeNode(node)) {
    return {
      module: ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined,
      typeOnly: true,
    };
  }
  if (ts.isCallExpression(node) && loadsModule(node.expression)) {
    return { module: node.arguments[0], typeOnly: false };
  }
  return undefined;
}

function loadsModule(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

function importsOnlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  return clause.isTypeOnly || (!clause.name && namesOnlyTypes(clause.namedBindings));
}

function namesOnlyTypes(names: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (!names || !(ts.isNamedImports(names) || ts.isNamedExports(names))) return false;
  const elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] = names.elements;
  return elements.length > 0 && elements.every((element) => element.isTypeOnly);
}
