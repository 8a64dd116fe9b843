import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { MAX_CHARACTERS, parseScenario } from '../scenario/parseScenario';
import { type Scenario, ScenarioError } from '../scenario/scenario';
import { UsageError } from './commandLine';

const EXTENSIONS = new Set(['.yml', '.yaml', '.json']);
/** No character is longer in UTF-8. */
const MAX_BYTES = 4 * MAX_CHARACTERS;

/** Reads scenario files, and folders of them in the order of their names. All problems of all files are told at once. */
export function readScenarioFiles(paths: readonly string[]): Scenario[] {
  const problems: string[] = [];
  const scenarios = paths.flatMap(filesIn).flatMap((file) => {
    try {
      return [parseScenario(textOf(file), file)];
    } catch (error) {
      if (!(error instanceof ScenarioError) && !(error instanceof UsageError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return scenarios;
}

function textOf(file: string): string {
  try {
    if (statSync(file).size <= MAX_BYTES) return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  throw new UsageError(`${file} is too large for a scenario.`);
}

function filesIn(path: string): string[] {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) throw new UsageError(`There is no ${path}.`);
  if (!entry.isDirectory()) return [path];
  const files = readdirSync(path)
    .filter((name) => EXTENSIONS.has(extname(name)))
    .sort()
    .map((name) => join(path, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isDirectory() !== true);
  if (files.length === 0) throw new UsageError(`There is no scenario in ${path}.`);
  return files;
}
