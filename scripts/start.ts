import { randomBytes } from 'node:crypto';
import { createEmulator, type Emulator, PortTakenError } from '../emulator/src';
import { type BotEnd, BotProcess } from '../samples/support/botProcess';
import { stopSignal } from '../samples/support/stopSignal';
import { mustBeFree, PortTaken } from './start/port';
import { createSessionStore } from './start/sessionStore';
import { readSettings, type StartSettings } from './start/settings';

/** Where the sample serves what was said: as text, for people. */
const TRANSCRIPT_URL = '/api/conversations/{conversationId}/transcript?format=text';

/**
 * `npm start`: the emulator and the contact-centre bot, wired together and verified, on SQLite, until Ctrl-C.
 *
 * The script in package.json says `exec`: npm's shell would die of Ctrl-C at once, and npm with it, before the two have
 * stopped. Where a shell knows no `exec`, on Windows, it goes on with what follows.
 */
async function main(): Promise<void> {
  const stopped = stopSignal();
  const settings = readSettings(process.env);
  await mustBeFree(settings.botPort, 'PORT');
  const emulator = await startEmulator(settings.emulatorPort);
  const verificationToken = randomBytes(16).toString('hex');
  const store = settings.store === undefined ? createSessionStore() : undefined;
  const bot = new BotProcess({
    file: 'samples/contact-centre/index.ts',
    environment: {
      PORT: String(settings.botPort),
      WEBEX_CONNECT_WEBHOOK_URL: emulator.webhookUrl,
      WEBEX_CONNECT_VERIFICATION_TOKEN: verificationToken,
      WEBEX_CONNECT_ACCESS_TOKEN: '',
      ...(store !== undefined && { WEBEX_CONNECT_STORE: store.location }),
    },
  });
  try {
    await Promise.race([serve(emulator, bot, verificationToken, settings), endOf(bot), stopped]);
  } finally {
    await bot.stop();
    await emulator.stop();
    store?.remove();
  }
}

async function startEmulator(port: number): Promise<Emulator> {
  try {
    return await createEmulator({ port, transcriptUrl: TRANSCRIPT_URL });
  } catch (error) {
    throw error instanceof PortTakenError ? new PortTaken(port, 'EMULATOR_PORT') : error;
  }
}

/** Ties the two together once the bot is there. Never resolves: they serve until they are stopped. */
async function serve(
  emulator: Emulator,
  bot: BotProcess,
  verificationToken: string,
  { store }: StartSettings,
): Promise<never> {
  const botUrl = await bot.listening;
  emulator.integration.edit({ botUrl, verificationToken });
  await verify(emulator);
  console.log(`
Webex Connect, emulated:  ${emulator.url}
The contact-centre bot:   ${botUrl}
What it has stored:       ${store === undefined ? 'in a SQLite file that goes with this session' : 'where WEBEX_CONNECT_STORE says'}

Open the first in a browser, write to the bot as a customer, ask for an agent, and answer at the agent's desk.
Ctrl-C stops both.`);
  return new Promise(() => {});
}

async function verify(emulator: Emulator): Promise<void> {
  if (await emulator.integration.verify()) return;
  const { lastVerifyProblem } = emulator.world().integration;
  throw new Error(`The bot could not be verified: ${lastVerifyProblem ?? 'it gave no reason'}.`);
}

/** Without its bot the emulator has nothing to show. @throws {Error} unless the bot was asked to stop. */
async function endOf(bot: BotProcess): Promise<void> {
  const end = await bot.ended;
  if (end !== 0) throw new Error(`The bot has ended${described(end)}; see above. The emulator stops too.`);
}

function described(end: BotEnd): string {
  return typeof end === 'number' ? ` with exit code ${end}` : ` by ${end}`;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
