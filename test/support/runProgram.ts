import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const MINUTE = 60_000;

/**
 * Runs a program in a folder, without a shell.
 *
 * @param environment Beside this process's own.
 * @returns What it wrote to stdout.
 * @throws {Error} when it fails or does not end, with all it wrote.
 */
export async function runProgram(
  directory: string,
  file: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  try {
    const { stdout } = await run(file, args, {
      cwd: directory,
      env: { ...ownEnvironment(), ...environment },
      timeout: 2 * MINUTE,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const written = [property(error, 'stdout'), property(error, 'stderr')].join('\n');
    throw new Error(`${file} ${args.join(' ')} failed in ${directory}:\n${written}`, { cause: error });
  }
}

/** Without what c8 adds: it would have every child write its coverage, npm's included. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const { NODE_V8_COVERAGE: _, ...environment } = process.env;
  return environment;
}

function property(error: unknown, name: string): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined;
}
