import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parseScenario } from '../scenario/parseScenario';
import { type Scenario, ScenarioError } from '../scenario/scenario';
import { UsageError } from './commandLine';

const EXTENSIONS = new Set(['.yml', '.yaml', '.json']);

/** Reads scenario files, and folders of them in the order of their names. All problems of all files are told at once. */
export function readScenarioFiles(paths: readonly string[]): Scenario[] {
  const problems: string[] = [];
  const scenarios = paths.flatMap(filesIn).flatMap((file) => {
    try {
      return [parseScenario(readFileSync(file, 'utf8'), file)];
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return scenarios;
}

function filesIn(path: string): string[] {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) throw new UsageError(`There is no ${path}.`);
  if (!entry.isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => EXTENSIONS.has(extname(name)));
  if (names.length === 0) throw new UsageError(`There is no scenario in ${path}.`);
  return names.sort().map((name) => join(path, name));
}
