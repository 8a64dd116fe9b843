import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import * as errors from '../../src/errors';
import { COMMANDS } from '../../src/operations/cli/commandList';
import type { HealthCheck, HealthFacts } from '../../src/operations/health/adapterHealth';
import type { HealthSubject } from '../../src/operations/health/healthEvents';
import { judgeHealth } from '../../src/operations/health/judgeHealth';
import { PLATFORM_SHAPE } from '../../src/operations/health/platformRun';
import { CommandStage } from '../operations/cli/support/commandRun';
import { anyFacts, INACTIVE, MINUTE, NOW, wellFacts } from '../support/healthSamples';
import { acceptAll, bury, quarantineEvent, stageAll } from '../support/storeSteps';
import { readPage } from './support/pages';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'operations.md'), 'utf8');

/** A line of the table of what alerts and reasons say. */
interface Row {
  readonly alert: string;
  readonly check: string;
  readonly reads: string;
  readonly anchor: string;
}

const ROW =
  /^\| (?:`(?<alert>[^`]+)`|–) \| `(?<check>[^`]+)` \| `(?<reads>[^`]+)` \| \[.+\]\(#(?<anchor>.+)\) \|$/;

const rows: readonly Row[] = page.split('\n').flatMap((line) => {
  const { alert = '–', check, reads, anchor } = ROW.exec(line)?.groups ?? {};
  return check !== undefined && reads !== undefined && anchor !== undefined
    ? [{ alert, check, reads, anchor }]
    : [];
});

/** Sections by the anchor that leads to them. */
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [anchorOf(section.split('\n')[0] ?? ''), section]),
);

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

/** Whether a reason is worded as a row says; `…` stands for what is another each time. */
function reads({ reads }: Row, reason: string): boolean {
  const parts = reads.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(reason);
}

const ROWS_OF_TROUBLE: readonly Partial<HealthFacts>[] = [
  { state: { kind: 'notStarted', lastError: undefined } },
  { state: { kind: 'notStarted', lastError: 'StoreInUseError' } },
  ...(['starting', 'stopping', 'stopped'] as const).map((kind) => ({ state: { kind } })),
  { reach: { kind: 'unreachable', since: NOW, error: 'Error', lastReachedAt: undefined } },
  { webhook: INACTIVE, bridges: { crm: INACTIVE } },
  {
    webhook: { status: 'active', consecutiveFailures: 4, limit: 5 },
    bridges: { crm: { status: 'active', consecutiveFailures: 3, limit: 5 } },
  },
  { platform: { ...wellFacts().platform, consecutiveFailures: 4 } },
  { platform: { ...wellFacts().platform, consecutiveFailures: 5, silentSince: NOW - MINUTE } },
  {
    store: {
      waitingEvents: 1000,
      waitingMessages: 1000,
      deadLetters: 1,
      quarantined: 2,
      oldestWaitingEventAt: 0,
      oldestWaitingMessageAt: 0,
    },
  },
];

/** Every check that is not well, of all troubles that there are and of many that are drawn. */
function troubles(): readonly HealthCheck[] {
  const drawn = fc.sample(anyFacts, { numRuns: 300, seed: 6 });
  return [...ROWS_OF_TROUBLE.map((changes) => wellFacts(changes)), ...drawn]
    .flatMap((facts) => judgeHealth(facts, 15 * MINUTE).checks)
    .filter(({ status }) => status !== 'pass');
}

describe('docs/operations.md', () => {
  it('names every alert', () => {
    const subjects: Record<Exclude<HealthSubject, `bridge:${string}`> | 'bridge:<name>', true> = {
      webhook: true,
      'bridge:<name>': true,
      platform: true,
      traffic: true,
      store: true,
      waitingEvents: true,
      waitingMessages: true,
    };
    const named = new Set(rows.map(({ alert }) => alert).filter((alert) => alert !== '–'));
    assert.deepEqual([...named].sort(), Object.keys(subjects).sort());
  });

  it('has a row for every reason that health gives, worded as it is', () => {
    for (const { name, reason = '' } of troubles()) {
      const isThere = rows.some((row) => row.check === name && reads(row, reason));
      assert.ok(isThere, `${name}: '${reason}' is not in the table`);
    }
  });

  it('has a row for every reason that status gives', async () => {
    for (const reason of await reasonsOfStatus()) {
      assert.ok(
        rows.some((row) => reads(row, reason)),
        `'${reason}' is not in the table`,
      );
    }
  });

  it('has no row for what nobody says', async () => {
    const said = troubles().map(({ name, reason = '' }) => ({ name, reason }));
    const ofStatus = (await reasonsOfStatus()).map((reason) => ({ name: 'status', reason }));
    for (const row of rows) {
      const isSaid = [...said, ...ofStatus].some(
        ({ name, reason }) => row.check === name && reads(row, reason),
      );
      assert.ok(isSaid, `nothing says '${row.reads}'`);
    }
  });

  it('says of each what it means, what to do, and when it is over', () => {
    for (const { anchor } of rows) {
      const section = sections.get(anchor);
      assert.ok(section !== undefined, `there is no section #${anchor}`);
      // While a deployment is under way there is nothing to find out.
      if (anchor !== 'a-deployment-or-rolling-restart') {
        assert.match(section, /^\*\*It means\*\*/m, anchor);
        assert.match(section, /^\*\*Do\*\*/m, anchor);
      }
      assert.match(section, /^\*\*Over\*\* /m, anchor);
    }
  });

  it('says what to do about every error that there is, by class and code', () => {
    const [[_head, ...told] = []] = readPage('docs/operations.md').tablesBelow('Errors by their code');
    const thrown = Object.entries(errors).flatMap(([name, value]) => {
      const code = codeOf(value);
      return code === undefined ? [] : [[`\`${name}\``, `\`${code}\``]];
    });
    assert.ok(thrown.length > 0);
    assert.deepEqual(told.map(([name, code]) => [name, code]).sort(), thrown.sort());
    for (const [name, , ...cells] of told) assert.ok(cells.length === 2 && !cells.includes(''), name);
  });

  it('leads to sections and pages that are there', () => {
    for (const [, target = ''] of page.matchAll(/\]\(([^)]+)\)/g)) {
      const [file = '', anchor] = target.split('#');
      const text = file === '' ? page : readFileSync(join(__dirname, '..', '..', 'docs', file), 'utf8');
      if (anchor === undefined) continue;
      const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => anchorOf(title));
      assert.ok(anchors.includes(anchor), `${target} leads nowhere`);
    }
  });

  it('types commands, and options, that there are', () => {
    for (const [, typed = ''] of page.matchAll(/webex-connect-bot ([^`\n;|]+)/g)) {
      const line = typed.trim();
      const command = COMMANDS.find(({ name }) => line === name || line.startsWith(`${name} `));
      assert.ok(command !== undefined, `there is no command '${line}'`);
      for (const [, option = ''] of line.matchAll(/--([\w-]+)/g)) {
        const isKnown = ['store', 'schema', 'json'].includes(option) || option in command.options;
        assert.ok(isKnown, `${command.name} has no --${option}`);
      }
    }
  });
});

/** Of a class of errors; `undefined` of what is none, or is the base of all. */
function codeOf(exported: unknown): unknown {
  if (typeof exported !== 'function' || !(exported.prototype instanceof errors.WebexConnectError))
    return undefined;
  return Reflect.construct(exported, ['what', 'reason']).code;
}

/** Of a store with which nothing is well. */
async function reasonsOfStatus(): Promise<string[]> {
  const stage = new CommandStage();
  stage.users = [];
  const { store, clock } = stage;
  await store.open();
  await acceptAll(store, 'c', ['e1']);
  await stageAll(store, 'c', ['m1']);
  await bury(store, 'c', 'dead');
  await quarantineEvent(store, 'ill', 'q');
  for (const name of ['webhook', 'crm']) {
    await store.updateHealth(name, () => ({ ...INACTIVE, since: clock.now() }));
  }
  const failures = { failures: 3, since: clock.now(), lastAt: clock.now() };
  await store.updateHealth(PLATFORM_SHAPE.name, () => PLATFORM_SHAPE.write(failures));
  await clock.advance(5 * MINUTE);
  const { stdout } = await stage.run('status');
  const reasons = [...stdout.matchAll(/^ {2}- (.+)$/gm)].map(([, reason = '']) => reason);
  assert.equal(reasons.length, 8, stdout);
  return reasons;
}
