/** A command of a page's `console` block, and what follows it there. */
export interface ShownCommand {
  /** As it is typed, without the prompt. */
  readonly line: string;
  readonly output: string;
}

const BLOCK = /^```console\n([\s\S]*?)^```$/gm;
const PROMPT = '$ ';

/** Every command that a page shows, in order. */
export function shownCommands(page: string): ShownCommand[] {
  return [...page.matchAll(BLOCK)].flatMap(([, block = '']) => commandsIn(block));
}

/** The page with the output of each command replaced by what `run` brings. */
export async function withOutputs(page: string, run: (line: string) => Promise<string>): Promise<string> {
  let written = '';
  let end = 0;
  for (const match of page.matchAll(BLOCK)) {
    const [whole, block = ''] = match;
    const shown: string[] = [];
    for (const { line } of commandsIn(block)) shown.push(`${PROMPT}${line}\n${await run(line)}`);
    written += `${page.slice(end, match.index)}\`\`\`console\n${shown.join('')}\`\`\``;
    end = match.index + whole.length;
  }
  return written + page.slice(end);
}

function commandsIn(block: string): ShownCommand[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [line = '', ...output] = part.split('\n');
      return { line, output: output.join('\n') };
    });
}
