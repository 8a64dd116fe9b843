import { parse } from 'shell-quote';

/** One command of a shell, as it is typed. */
export interface ShellCommand {
  /** What is put before it: `PORT=3978 npm start`. */
  readonly environment: ReadonlyMap<string, string>;
  readonly program: string;
  readonly args: readonly string[];
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
const FUNCTION = /^(\w+)\(\) \{(?:.*\}|[\s\S]*?^\})$/gm;
const REDIRECTION = /^\d?[<>]/;

/** The commands of a script, in order; what it says in functions is not among them. */
export function commandsIn(script: string): ShellCommand[] {
  const { lines } = withoutFunctions(script);
  return lines.flatMap((line) => splitAtOperators(line).map(toCommand));
}

/** The names of the functions that a script defines. */
export function functionsIn(script: string): string[] {
  return withoutFunctions(script).functions;
}

function withoutFunctions(script: string): { lines: string[]; functions: string[] } {
  const functions: string[] = [];
  const rest = script.replaceAll(FUNCTION, (_all, name: string) => {
    functions.push(name);
    return '';
  });
  const lines = rest.replaceAll(/\\\n\s*/g, ' ').split('\n');
  return { lines: lines.filter((line) => line.trim() !== ''), functions };
}

/** `a && b; c | d` are four; files that are written to or read from are no words of them. */
function splitAtOperators(line: string): string[][] {
  const commands: string[][] = [[]];
  let isFile = false;
  for (const part of parse(line, (name) => `$${name}`)) {
    const word = typeof part === 'object' && 'pattern' in part ? part.pattern : part;
    if (typeof word === 'string') {
      if (!isFile) commands.at(-1)?.push(word);
      isFile = false;
    } else if ('op' in word) {
      isFile = REDIRECTION.test(word.op);
      if (!isFile) commands.push([]);
    }
  }
  return commands.filter(({ length }) => length > 0);
}

function toCommand(words: readonly string[]): ShellCommand {
  const begin = words.findIndex((word) => !ASSIGNMENT.test(word));
  const assignments = words
    .slice(0, begin < 0 ? undefined : begin)
    .map((word) => ASSIGNMENT.exec(word) ?? []);
  const [program = '', ...args] = begin < 0 ? [] : words.slice(begin);
  return {
    environment: new Map(assignments.map(([, name = '', value = '']) => [name, value])),
    program,
    args,
  };
}
