const DIRECTIVE = /^(least_conn;|[a-z_]+( \S+)+;)$/;
const OPENS = /^(server|upstream \S+|location \S+) \{$/;

/** @throws {Error} for a line that is no directive of nginx, or a block that is not closed. */
export function checkNginx(code: string): void {
  let depth = 0;
  for (const line of code.split('\n').map((one) => one.replace(/#.*/, '').trim())) {
    if (OPENS.test(line)) depth++;
    else if (line === '}') depth--;
    else if (line !== '' && !DIRECTIVE.test(line)) throw new Error(`'${line}' is no directive`);
    if (depth < 0) throw new Error('closes what was not opened');
  }
  if (depth > 0) throw new Error('a block is not closed');
}
