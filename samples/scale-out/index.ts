import { randomBytes } from 'node:crypto';
import { createEmulator, type Emulator, PortTakenError } from 'webex-connect-emulator';
import type { BotEnd } from '../support/botProcess';
import { listen } from '../support/serve';
import { stopSignal } from '../support/stopSignal';
import { Crowd } from './crowd';
import { RoundRobinProxy } from './roundRobinProxy';
import { startSessionDatabase } from './sessionDatabase';
import { readSettings, type ScaleOutSettings } from './settings';
import { STARTS_AGAIN_AFTER_MS, SupervisedReplica } from './supervisedReplica';

const NAMES = ['replica A', 'replica B', 'replica C'];
/** Sooner than the platform, whose four retries take an hour. */
const RETRY_DELAYS_MS = [1000, 5000, 15_000, 30_000];

/** Ends in the opposite order what was begun. */
const endings: (() => unknown)[] = [];

/** Three replicas of a bot on one PostgreSQL, behind a proxy, until Ctrl-C. */
async function main(): Promise<void> {
  const stopped = stopSignal();
  const settings = readSettings(process.env);
  try {
    await Promise.race([serve(settings), stopped]);
  } finally {
    for (const end of endings.reverse()) await end();
  }
}

async function serve(settings: ScaleOutSettings): Promise<never> {
  const replicas: SupervisedReplica[] = [];
  const proxy = new RoundRobinProxy(replicas);
  // First of all: a port that is taken is known at once.
  const botUrl = `http://localhost:${await listen(proxy.server, settings.port)}/api/webex-connect`;
  endings.push(() => proxy.server.close());
  const emulator = settings.webhookUrl === undefined ? await startEmulator(settings.emulatorPort) : undefined;
  const store = settings.store ?? (await startDatabase());
  const verificationToken = process.env.WEBEX_CONNECT_VERIFICATION_TOKEN || randomBytes(16).toString('hex');
  const environment = {
    PORT: '0',
    WEBEX_CONNECT_WEBHOOK_URL: settings.webhookUrl ?? emulator?.webhookUrl ?? '',
    WEBEX_CONNECT_STORE: store,
    WEBEX_CONNECT_VERIFICATION_TOKEN: verificationToken,
  };
  const onEnd = (replica: SupervisedReplica, end: BotEnd) => {
    tellEnd(replica, end);
    // What it was answered a moment ago it may not have noted, and another one then rightly sends again.
    emulator?.judge.botEnds();
    emulator?.judge.botRuns();
  };
  endings.push(() => Promise.all(replicas.map((replica) => replica.stop())));
  replicas.push(...NAMES.map((name) => new SupervisedReplica({ name, environment, onEnd })));
  await Promise.all(replicas.map((replica) => replica.whenReady()));
  tellPlaces(botUrl, replicas);
  if (emulator !== undefined) await talk(emulator, botUrl, verificationToken);
  return new Promise(() => {});
}

async function startDatabase(): Promise<string> {
  console.log('Starting PostgreSQL …');
  const database = await startSessionDatabase();
  endings.push(() => database.remove());
  return database.url;
}

async function startEmulator(port: number): Promise<Emulator> {
  try {
    const emulator = await createEmulator({ port, retryDelaysMs: RETRY_DELAYS_MS });
    endings.push(() => emulator.stop());
    return emulator;
  } catch (error) {
    const isTaken = error instanceof PortTakenError;
    throw isTaken ? new Error(`Port ${port} is taken. Set EMULATOR_PORT to a free one.`) : error;
  }
}

function tellEnd({ name, pid }: SupervisedReplica, end: BotEnd): void {
  const what =
    end === 0
      ? 'It has ended what it had begun.'
      : 'What it had begun waits until its lease is over, then the others go on with it.';
  console.log(`
${name} (process ${pid}) has ended with ${end}. ${what}
It is started again in ${STARTS_AGAIN_AFTER_MS / 1000} seconds.
`);
}

function tellPlaces(botUrl: string, replicas: readonly SupervisedReplica[]): void {
  console.log(`
The bot, through the proxy:  ${botUrl}
Kill one and watch:          ${replicas.map(({ pid }) => `kill -9 ${pid}`).join('   or   ')}
Ctrl-C stops everything.
`);
}

async function talk(emulator: Emulator, botUrl: string, verificationToken: string): Promise<void> {
  emulator.integration.edit({ botUrl, verificationToken });
  if (!(await emulator.integration.verify())) throw new Error('Webex Connect could not verify the bot.');
  endings.push(tellWhenInactive(emulator));
  console.log(`Webex Connect, emulated:     ${emulator.url}

Eight customers count. The table shows the latest answer, which replica has given it, and how many more are awaited.
`);
  const crowd = new Crowd(emulator, console.log);
  endings.push(() => {
    console.log(`\n${crowd.stop()}`);
    const violations = emulator.judge.settle();
    console.log(`The emulator's judge has seen ${violations.length === 0 ? 'nothing wrong' : 'this:'}`);
    for (const { rule, message } of violations) console.log(`${rule}: ${message}`);
  });
  crowd.start();
}

/** Who kills all replicas at once sees this. @returns What ends it. */
function tellWhenInactive(emulator: Emulator): () => void {
  let isTold = false;
  return emulator.subscribe(() => {
    const isInactive = emulator.world().integration.status === 'inactive';
    if (isInactive && !isTold) {
      console.log(`
Webex Connect has met five failures in a row, and calls the bot no more. When a replica is there again, edit the
integration (a change that changes nothing will do) and verify it: ${emulator.url}
`);
    }
    isTold = isInactive;
  });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
