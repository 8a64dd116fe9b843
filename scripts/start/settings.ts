import { readPort } from '../../samples/support/readPort';

/** What `npm start` is told by its environment; an empty variable counts as absent. */
export interface StartSettings {
  /** `EMULATOR_PORT`, 4000 by default; 0 takes any free port. */
  readonly emulatorPort: number;
  /** `PORT`, 3978 by default; 0 takes any free port. */
  readonly botPort: number;
  /** `WEBEX_CONNECT_STORE`: what the bot is to remember beyond this session, if anything. */
  readonly store: string | undefined;
}

/** @throws {Error} when a port is no port. */
export function readSettings(env: NodeJS.ProcessEnv): StartSettings {
  return {
    emulatorPort: readPort('EMULATOR_PORT', env.EMULATOR_PORT || '4000'),
    botPort: readPort('PORT', env.PORT || '3978'),
    store: env.WEBEX_CONNECT_STORE || undefined,
  };
}
