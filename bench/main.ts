import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startPostgres, stopPostgresServer } from '../test/support/postgresServer';
import { CONTENDERS, isContender } from './contenders';
import { measureAll } from './figures/all';
import { Stage } from './figures/stage';
import { FULL_PLAN, type Plan, SHORT_PLAN } from './plan';
import { toChart } from './report/chart';
import { toJson } from './report/json';
import { toTable } from './report/table';

const USAGE = `npm run bench -- [--short] [--json] [--svg FILE] [--only restify,cloudadapter,…]`;

/** Progress goes to stderr: stdout holds the result alone. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function planOf(isShort: boolean, only: string | undefined): Plan {
  const named = only?.split(',') ?? [...CONTENDERS];
  const contenders = named.filter(isContender);
  if (contenders.length !== named.length) throw new Error(`--only takes some of ${CONTENDERS.join(', ')}.`);
  return { ...(isShort ? SHORT_PLAN : FULL_PLAN), contenders };
}

/** What is measured is the package as users get it. */
function build(): void {
  say('building the package');
  execFileSync('npm', ['run', 'build'], { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      svg: { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  const plan = planOf(values.short, values.only);
  build();
  const stage = await Stage.open(startPostgres);
  try {
    const figures = await measureAll(stage, plan, say);
    if (values.svg !== undefined) writeFileSync(values.svg, toChart(figures));
    process.stdout.write(values.json ? `${JSON.stringify(toJson(figures), null, 2)}\n` : toTable(figures));
  } finally {
    await stage.close();
    await stopPostgresServer();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  },
);
