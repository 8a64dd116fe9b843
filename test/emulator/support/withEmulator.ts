import { createEmulator, type Emulator, type EmulatorOptions } from '../../../emulator/src';
import type { Clock, DeliveryStore } from '../../../src';
import { EmulatedBot, type EmulatedBotParts, VERIFICATION_TOKEN } from './emulatedBot';

/** Who plays the bot, on what. */
export type Cast<Store extends DeliveryStore> = Omit<EmulatedBotParts<Store>, 'webhookUrl' | 'clock'>;

/** Starts an emulator and a bot that know each other, on one clock if one is given, and ends both after `act`. */
export async function withEmulator<Store extends DeliveryStore, Result>(
  { clock, ...options }: Omit<EmulatorOptions, 'clock'> & { readonly clock?: Clock },
  cast: Cast<Store>,
  act: (emulator: Emulator, bot: EmulatedBot<Store>) => Promise<Result>,
): Promise<Result> {
  const shared = clock === undefined ? {} : { clock };
  const emulator = await createEmulator({ ...options, ...shared, verificationToken: VERIFICATION_TOKEN });
  const bot = new EmulatedBot({ ...cast, ...shared, webhookUrl: emulator.webhookUrl });
  try {
    await bot.start();
    emulator.integration.edit({ botUrl: bot.url });
    return await act(emulator, bot);
  } finally {
    await bot.stop();
    await emulator.stop();
  }
}
