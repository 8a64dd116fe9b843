import { readPort } from '../support/readPort';

/** What the sample is told by its environment, beside what its replicas read themselves. An empty variable counts as absent. */
export interface ScaleOutSettings {
  /** `PORT`, 3978 by default: of the proxy. 0 takes any free one. */
  readonly port: number;
  /** `EMULATOR_PORT`, 4000 by default: of the emulator's page. 0 takes any free one. */
  readonly emulatorPort: number;
  /** `WEBEX_CONNECT_WEBHOOK_URL`: a tenant. Without it the emulator plays Webex Connect. */
  readonly webhookUrl: string | undefined;
  /** `WEBEX_CONNECT_STORE`: a PostgreSQL. Without it one is started, and goes with the session. */
  readonly store: string | undefined;
}

/** @throws {Error} when something is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): ScaleOutSettings {
  const store = env.WEBEX_CONNECT_STORE || undefined;
  if (store !== undefined && !/^postgres(ql)?:\/\//.test(store)) {
    throw new Error('WEBEX_CONNECT_STORE must be a postgres://…: no other store serves several replicas.');
  }
  return {
    port: readPort('PORT', env.PORT || '3978'),
    emulatorPort: readPort('EMULATOR_PORT', env.EMULATOR_PORT || '4000'),
    webhookUrl: env.WEBEX_CONNECT_WEBHOOK_URL || undefined,
    store,
  };
}
