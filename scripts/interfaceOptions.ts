import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The members of an interface, and what their comments say of them. */
export function interfaceOptions(path: string, name: string): Map<string, string> {
  const text = readFileSync(join(__dirname, '..', path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found = source.statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (found === undefined) throw new Error(`${path} has no interface ${name}.`);
  return new Map(found.members.map((member) => [member.name?.getText() ?? '', commentOf(member)]));
}

function commentOf(member: ts.TypeElement): string {
  const [comment] = ts.getJSDocCommentsAndTags(member);
  return (ts.getTextOfJSDocComment(comment?.comment) ?? '')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ');
}
