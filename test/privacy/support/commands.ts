import { systemClock } from '../../../src/clock';
import { makeProbe } from '../../../src/operations/cli/doctor/probe';
import { main, type World } from '../../../src/operations/cli/main';
import { ownRuntime } from '../../../src/operations/cli/runtime';
import { openOperatorStore } from '../../../src/operations/cli/store/openOperatorStore';
import { SharedOperatorStore } from '../../../src/operations/cli/store/sharedOperatorStore';
import { interceptStore } from '../../support/interceptStore';
import { SECRETS } from './canaries';
import type { PrivacyStage } from './privacyStage';

/** Lists and `tail` show all; of what shows one, so many are enough. */
const MANY = 6;

/** What an operator types, with `*` for some of the ids of what the command is about. */
const COMMANDS: readonly string[] = [
  'dead-letters list',
  'dead-letters show *',
  'dead-letters show * --text',
  'dead-letters replay --all --dry-run',
  'dead-letters discard no-such-id',
  'quarantine list',
  'quarantine show *',
  'quarantine show * --text',
  'quarantine replay --all --dry-run',
  'quarantine replay * --wait 20',
  'conversations list',
  'conversations list --untied',
  'conversations show *',
  'conversations show * --text',
  'conversations tie no-such-id no-such-id',
  'explain *',
  'explain * --text',
  'reactivate --wait 20',
  'reactivate no-such-destination',
];

/** Types what on-call looks at first. */
export async function runGlance(stage: PrivacyStage): Promise<void> {
  await runAll(stage, ['status', 'doctor']);
  for (const flags of [[], ['--json']]) await run(stage, ['tail', '--lines', '10000', ...flags], 300);
}

/** Types every command, for people and for scripts, beside the running bot. */
export async function runCommands(stage: PrivacyStage): Promise<void> {
  await runGlance(stage);
  await runAll(stage, COMMANDS);
  for (const store of [
    `mysql://bot:${SECRETS.databasePassword}@db/bot`,
    `postgres://bot:${SECRETS.databasePassword}@127.0.0.1:1/bot?options=${SECRETS.databasePassword}`,
    `postgres://bot:${SECRETS.databasePassword}@[bad/bot`,
  ]) {
    await run(stage, ['status', '--store', store]);
    await run(stage, ['doctor', '--store', store]);
  }
  await run(stage, ['doctor', '--webhook-url', `ftp://example.com/${SECRETS.webhookPath}`]);
  await run(stage, [
    'doctor',
    '--webhook-url',
    `https://${SECRETS.webhookUser}:${SECRETS.webhookPassword}@[bad`,
  ]);
}

async function runAll(stage: PrivacyStage, commands: readonly string[]): Promise<void> {
  for (const words of commands) {
    for (const args of await spelledOut(stage, words.split(' '))) {
      await run(stage, args);
      await run(stage, [...args, '--json']);
    }
  }
}

async function spelledOut(stage: PrivacyStage, words: readonly string[]): Promise<string[][]> {
  if (!words.includes('*')) return [[...words]];
  const ids = await idsFor(stage, words[0] ?? '');
  const step = Math.ceil(ids.length / MANY);
  const some = ids.filter((_, index) => index % step === 0);
  return some.map((id) => words.map((word) => (word === '*' ? id : word)));
}

async function idsFor({ running }: PrivacyStage, group: string): Promise<string[]> {
  switch (group) {
    case 'dead-letters':
      return (await running.deadLetters.list()).map(({ id }) => id);
    case 'quarantine':
      return (await running.quarantine.list()).map(({ id }) => id);
    default:
      return (await running.conversations.list()).map(({ conversationId }) => conversationId);
  }
}

/** @param forMs After so long Ctrl-C is pressed. */
async function run(stage: PrivacyStage, args: readonly string[], forMs?: number): Promise<void> {
  const { evidence } = stage;
  const permission = args.includes('--text') ? 'words' : 'nothing';
  const [group = ''] = args;
  const interruption = new AbortController();
  const hear = (text: string) => evidence.add(`command ${group}`, text, permission);
  const timer = setTimeout(() => interruption.abort(), forMs ?? 2 ** 30);
  await main(
    args,
    {
      env: environmentOf(stage),
      write: hear,
      warn: hear,
      isTTY: false,
      isErrorTTY: false,
      signal: interruption.signal,
    },
    worldOf(stage),
  );
  clearTimeout(timer);
}

function environmentOf({ engine, webhookUrl }: PrivacyStage): NodeJS.ProcessEnv {
  return {
    WEBEX_CONNECT_STORE: engine.place ?? `postgres://bot:${SECRETS.databasePassword}@stands-for-memory/bot`,
    WEBEX_CONNECT_WEBHOOK_URL: webhookUrl,
    WEBEX_CONNECT_VERIFICATION_TOKEN: SECRETS.verificationToken,
    WEBEX_CONNECT_ACCESS_TOKEN: SECRETS.accessToken,
  };
}

function worldOf({ engine, urls }: PrivacyStage): World {
  const probe = makeProbe();
  return {
    clock: systemClock,
    runtime: ownRuntime,
    // The bot of this test stands at a port of its own.
    probe: (request) =>
      probe(request.url.includes('localhost:3978') ? { ...request, url: urls.endpoint } : request),
    async openStore(location, schema) {
      const isOfTheBot =
        location.kind === 'sqlite' || !location.connectionString.includes('stands-for-memory');
      if (isOfTheBot) return openOperatorStore(location, schema, systemClock);
      const store = interceptStore(engine.openStore(), async (method, act) =>
        method === 'close' ? undefined : act(),
      );
      return new SharedOperatorStore('memory', { store, users: async () => [] }, systemClock);
    },
  };
}
