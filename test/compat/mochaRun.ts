import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ownEnvironment } from '../support/runProgram';

export interface MochaRun {
  /** Whoever runs mocha: a Node binary. */
  readonly node: string;
  readonly directory: string;
  /** Of mocha itself, then its arguments. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface MochaResult {
  readonly passing: number;
  readonly failing: number;
  /** Whether mocha ended as it does when all passes: one that breaks down fails nothing and is no success. */
  readonly isSuccess: boolean;
}

/** Runs mocha, and shows what it writes: the summary lines are counted from there by CI, too. */
export async function runMocha({ node, directory, args, environment }: MochaRun): Promise<MochaResult> {
  const child = spawn(node, args, {
    cwd: directory,
    env: { ...ownEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  const [status] = await once(child, 'close');
  const passing = countIn(output, 'passing');
  return { passing, failing: countIn(output, 'failing'), isSuccess: status === 0 && passing > 0 };
}

/** Of the summary, `  12 passing (3s)`. */
export function countIn(output: string, outcome: 'passing' | 'failing'): number {
  return Number(new RegExp(`^ +(\\d+) ${outcome}( \\(.+\\))?$`, 'm').exec(output)?.[1] ?? 0);
}
