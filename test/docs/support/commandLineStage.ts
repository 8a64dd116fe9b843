import { SharedOperatorStore } from '../../../src/operations/cli/store/sharedOperatorStore';
import { PLATFORM_SHAPE } from '../../../src/operations/health/platformRun';
import { CommandStage } from '../../operations/cli/support/commandRun';
import { tellStory } from '../../operations/cli/support/story';
import { letEventLoopTurn } from '../../support/eventLoop';
import { T0 } from '../../support/storeSamples';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const GIB = 1024 ** 3;

const ECHO_OF_EXIT_CODE = '; echo $?';

/**
 * The stage of `docs/command-line.md`: the story of a service desk at two o'clock, with a webhook that is down, and two
 * answers that Webex Connect counts as failures.
 */
export async function commandLineStage(): Promise<CommandStage> {
  const stage = new CommandStage();
  const { store, clock } = stage;
  await store.open();
  await tellStory(store);
  await store.updateHealth('webhook', () => ({
    status: 'inactive',
    consecutiveFailures: 5,
    since: T0 - 4 * MINUTE,
    probeAt: T0 + 30 * SECOND,
    reason: 'the webhook answered 503',
  }));
  await store.updateHealth(PLATFORM_SHAPE.name, () =>
    PLATFORM_SHAPE.write({ failures: 2, since: T0 - 3 * MINUTE, lastAt: T0 - MINUTE }),
  );
  stage.env = {
    WEBEX_CONNECT_STORE: 'sqlite:bot.db',
    WEBEX_CONNECT_WEBHOOK_URL: 'https://hooks.example.com/events/ABC123',
    WEBEX_CONNECT_VERIFICATION_TOKEN: 'a-secret',
    WEBEX_CONNECT_ACESS_TOKEN: 'misspelt',
  };
  stage.users = [{ role: 'bot', host: 'app-1', pid: 4711, since: T0 - 3 * 60 * MINUTE }];
  stage.probe = async ({ method }) => ({
    kind: 'answered',
    status: 200,
    headers: { date: new Date(T0).toUTCString() },
    body: method === 'POST' ? '{"verification_token":"a-secret"}' : '',
    tookMs: method === 'POST' ? 14 : 87,
    certificateEndsAt: method === 'POST' ? undefined : T0 + 60 * 24 * 60 * MINUTE,
  });
  stage.openStore = async () => {
    const shared = new SharedOperatorStore('SQLite bot.db', { store, users: async () => stage.users }, clock);
    return Object.assign(shared, { freeBytes: async () => 71.2 * GIB, close: async () => {} });
  };
  store.operatorCommands.attend(async () => {
    const { operatorCommands } = store;
    for (const { id, command } of await operatorCommands.take(100, clock.now())) {
      await operatorCommands.answer(
        id,
        command?.kind === 'replayQuarantined'
          ? {
              status: 'refused',
              code: 'WEBEX_CONNECT_NOT_SUPPORTED',
              message: 'The request still cannot be read: the event has no conversation ID.',
            }
          : { status: 'done' },
      );
    }
  });
  return stage;
}

/** Runs a line as a shell would show it. */
export async function runShown(stage: CommandStage, line: string): Promise<string> {
  const isAsked = line.endsWith(ECHO_OF_EXIT_CODE);
  const [program, ...args] = (isAsked ? line.slice(0, -ECHO_OF_EXIT_CODE.length) : line).split(' ');
  if (program !== 'webex-connect-bot') throw new Error(`'${line}' cannot be run here.`);
  const running = stage.run(...args);
  if (args[0] === 'tail') {
    await letEventLoopTurn();
    stage.interruption.abort();
  }
  const { code, stdout, stderr } = await running;
  stage.interruption = new AbortController();
  return `${stdout}${stderr}${isAsked ? `${code}\n` : ''}`;
}
