import type { Emulator, EmulatorOptions } from '../emulatorApi';
import { createEmulator } from '../index';
import type { Terminal } from './terminal';

/** Serves the emulator until the user stops it. */
export async function serve(options: EmulatorOptions, terminal: Terminal): Promise<void> {
  const emulator = await createEmulator(options);
  terminal.print('Webex Connect emulator');
  terminal.print(`  page     ${emulator.url}`);
  terminal.print(`  webhook  ${emulator.webhookUrl}   (the bot sends its events here)`);
  terminal.print(`  bot      ${await describeBot(emulator, options.botUrl)}`);
  terminal.print('Ctrl-C stops it.');
  await terminal.stopped;
  await emulator.stop();
}

async function describeBot(emulator: Emulator, botUrl: string | undefined): Promise<string> {
  if (botUrl === undefined) return 'none yet: give --bot-url, or enter it in the page';
  if (await emulator.integration.verify()) return `${botUrl}   (verified)`;
  const { lastVerifyProblem = 'no reason is known' } = emulator.world().integration;
  return `${botUrl}   (NOT verified: ${lastVerifyProblem}; verify again in the page)`;
}
