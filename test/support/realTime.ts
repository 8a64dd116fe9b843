import ts from 'typescript';

/** Who may ask the machine for time or chance, past the `Clock`, and why. A folder has no place here: each file is named. */
export const MAY_USE_REAL_TIME: Readonly<Record<string, string>> = {
  'src/clock.ts': 'is the clock of the machine',
  'src/operations/cli/doctor/probe.ts':
    'times an answer of the world outside, which follows no clock of ours',
  'src/store/postgres/backlogGauge.ts':
    'counts in the database, where others store too, once a second at most',
  'src/store/postgres/notifications.ts': 'spares the database: a few NOTIFYs in a moment are one',
  'src/store/postgres/operatorCommands.ts': 'looks in the database for what other processes have left',
  'src/store/postgres/pruner.ts': 'looks in the database, whose server judges by its own clock what is old',
  'src/store/postgres/workListener.ts': 'connects to a server, and asks it for a sign of life',
  'src/store/sqlite/groupCommit.ts': 'waits a moment for a commit to go along with',
  'src/store/sqlite/outsideWrites.ts': 'looks in the file for what other processes have left',
  'src/store/sqlite/owner.ts': 'writes down for people since when a process owns the file',
  'src/store/sqlite/ownership.ts': 'waits for another process to give the file up',
};

const GLOBALS = new Set(['setTimeout', 'setInterval']);
const MEMBERS = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'process.hrtime',
  'AbortSignal.timeout',
]);
const MODULES = /^(node:)?(timers(\/promises)?|perf_hooks)$/;

/** Where a source file asks for time or chance by itself, one line each. `setImmediate` waits for no time. */
export function usesOfRealTime(path: string, source: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = realTimeIn(node);
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    if (name === undefined) ts.forEachChild(node, visit);
    else found.push(`${path}:${line + 1}: ${name}`);
  };
  visit(file);
  return found;
}

function realTimeIn(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && GLOBALS.has(node.text)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return memberIn(node);
  if (ts.isNewExpression(node) && isDate(node.expression) && !node.arguments?.length) return 'new Date()';
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return MODULES.test(node.moduleSpecifier.text) ? node.moduleSpecifier.text : undefined;
  }
  return undefined;
}

/** `globalThis.Date.now` is `Date.now` too. */
function memberIn({ expression, name }: ts.PropertyAccessExpression): string | undefined {
  const owner = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  const member = ts.isIdentifier(owner) ? `${owner.text}.${name.text}` : '';
  return MEMBERS.has(member) ? member : undefined;
}

function isDate(expression: ts.Expression): boolean {
  return ts.isIdentifier(expression) && expression.text === 'Date';
}
