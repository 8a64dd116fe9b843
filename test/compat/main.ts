import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTemporaryFolder } from '../../scripts/inTemporaryFolder';
import { packPackage } from '../support/packPackage';
import { runProgram } from '../support/runProgram';
import { type Consumer, makeConsumer } from './consumer';
import { type Cell, compatibilityMatrix } from './matrix';
import { runMocha } from './mochaRun';
import { type CellReport, renderMatrix } from './report';
import { installRuntime } from './runtimes';
import { suitesOf } from './suites';

const root = join(__dirname, '..', '..');
const runtimeCache = join(root, 'node_modules', '.cache', 'node-runtimes');

/** Runs the packed packages, installed as a user does it, on all that they are meant to run on. */
async function main(temporary: string): Promise<number> {
  const cells = compatibilityMatrix(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  tell('packing');
  const packages = [await packPackage(root, temporary), await packPackage(join(root, 'emulator'), temporary)];

  const binaries = new Map<string, string>();
  for (const { node } of cells) {
    if (binaries.has(node)) continue;
    tell(`fetching Node ${node}`);
    binaries.set(node, await installRuntime(runtimeCache, node));
  }
  const consumers = new Map<string, Consumer>();
  for (const { botbuilder } of cells) {
    if (consumers.has(botbuilder.name)) continue;
    tell(`installing beside botbuilder ${botbuilder.version}`);
    const directory = join(temporary, botbuilder.name);
    consumers.set(botbuilder.name, await makeConsumer({ root, directory, packages, botbuilder }));
  }

  const reports: CellReport[] = [];
  for (const cell of cells) {
    const node = known(binaries, cell.node);
    reports.push(await runCell(cell, known(consumers, cell.botbuilder.name), node));
  }
  process.stdout.write(`\n${renderMatrix(reports)}\n`);
  return reports.every(({ results }) => results.every(({ result }) => result.isSuccess)) ? 0 : 1;
}

async function runCell(cell: Cell, consumer: Consumer, node: string): Promise<CellReport> {
  const version = (await runProgram(root, node, ['--version'])).trim().slice(1);
  const results: CellReport['results'][number][] = [];
  for (const { name, run } of suitesOf(root, consumer, cell, node)) {
    tell(`Node ${version}, botbuilder ${consumer.botbuilder}: ${name}`);
    results.push({ suite: name, result: await runMocha(run) });
  }
  return { node: version, botbuilder: consumer.botbuilder, results };
}

function known<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`Nothing was installed for ${name}.`);
  return value;
}

function tell(line: string): void {
  process.stdout.write(`--> ${line}\n`);
}

inTemporaryFolder('webex-connect-compat-', main);
