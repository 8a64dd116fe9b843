import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createEmulator, type Emulator } from '../emulator/src';

const EMULATOR_PORT = Number(process.env.EMULATOR_PORT ?? 4000);
const BOT_PORT = Number(process.env.PORT ?? 3978);
const BOT_READY_WITHIN_MS = 30_000;
const BOT_STOPS_WITHIN_MS = 15_000;

/** `npm start`: the emulator and the contact-centre bot, wired together and verified, on SQLite. */
async function main(): Promise<void> {
  await mustBeFree(EMULATOR_PORT, 'EMULATOR_PORT');
  await mustBeFree(BOT_PORT, 'PORT');
  const verificationToken = randomBytes(16).toString('hex');
  const botUrl = `http://localhost:${BOT_PORT}/api/webex-connect`;
  const emulator = await createEmulator({ port: EMULATOR_PORT, botUrl, verificationToken });
  const bot = startBot(emulator.webhookUrl, verificationToken);
  const stop = stopOnSignal(emulator, bot);
  try {
    await botIsReady(bot);
    await verify(emulator);
  } catch (error) {
    console.error(messageOf(error));
    return stop(1);
  }
  console.log(`
Webex Connect, emulated:  ${emulator.url}
The contact-centre bot:   ${botUrl}

Open the first, write to the bot as a customer, ask for an agent, and answer at the agent's desk. Ctrl-C stops both.`);
}

function startBot(webhookUrl: string, verificationToken: string): ChildProcess {
  const root = join(__dirname, '..');
  return spawn(process.execPath, ['--require', 'tsx/cjs', 'samples/contact-centre/index.ts'], {
    cwd: root,
    stdio: 'inherit',
    env: {
      WEBEX_CONNECT_STORE: 'sqlite:contact-centre.db',
      ...process.env,
      PORT: String(BOT_PORT),
      WEBEX_CONNECT_WEBHOOK_URL: webhookUrl,
      WEBEX_CONNECT_VERIFICATION_TOKEN: verificationToken,
      WEBEX_CONNECT_ACCESS_TOKEN: '',
    },
  });
}

async function botIsReady(bot: ChildProcess): Promise<void> {
  const deadline = Date.now() + BOT_READY_WITHIN_MS;
  while (!(await answers(`http://localhost:${BOT_PORT}/health/ready`))) {
    if (bot.exitCode !== null) throw new Error('The bot has ended before it was ready; see above.');
    if (Date.now() > deadline)
      throw new Error(`The bot was not ready within ${BOT_READY_WITHIN_MS / 1000} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function verify(emulator: Emulator): Promise<void> {
  if (await emulator.integration.verify()) return;
  const { lastVerifyProblem } = emulator.world().integration;
  throw new Error(`The bot could not be verified: ${lastVerifyProblem ?? 'it gave no reason'}.`);
}

/** Both are told: at Ctrl-C the terminal tells the bot as well, at `kill` nobody but this process does. */
function stopOnSignal(emulator: Emulator, bot: ChildProcess): (exitCode: number) => Promise<void> {
  let isStopping = false;
  const stop = async (exitCode: number) => {
    if (isStopping) return;
    isStopping = true;
    const hasEnded = bot.exitCode !== null || bot.signalCode !== null;
    const ended = hasEnded ? Promise.resolve() : once(bot, 'exit');
    if (!hasEnded) bot.kill('SIGTERM');
    const impatience = setTimeout(() => bot.kill('SIGKILL'), BOT_STOPS_WITHIN_MS);
    await ended;
    clearTimeout(impatience);
    await emulator.stop();
    process.exit(exitCode);
  };
  process.once('SIGINT', () => void stop(0));
  process.once('SIGTERM', () => void stop(0));
  bot.once('exit', (code) => void stop(code === 0 ? 0 : 1));
  return stop;
}

/** Said before anything is started, so that nothing has to be undone. */
async function mustBeFree(port: number, variable: string): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(port);
    await once(probe, 'listening');
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isTaken ? new Error(`Port ${port} is taken. Set ${variable} to a free one.`) : error;
  } finally {
    probe.close();
  }
}

function messageOf(error: unknown): unknown {
  return error instanceof Error ? error.message : error;
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
