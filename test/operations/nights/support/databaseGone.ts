import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { newDatabase, postgresServer, type ServerControl } from '../../../support/postgresServer';
import { HEALTH, Night, type NightFacts, PATIENCE_MS, STATUS } from './night';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const WORD = 'invoice';

/** What is known of a night without a database. */
export interface DatabaseGoneFacts extends NightFacts {
  /** `Retry-After` of each 503 that Webex Connect was answered. */
  readonly retryAfter: readonly (string | undefined)[];
}

/**
 * The last of the three worst nights: PostgreSQL is gone for ten minutes.
 *
 * @throws {Error} when the server is not ours to stop (`TEST_POSTGRES_URL`).
 */
export async function playDatabaseGone(): Promise<DatabaseGoneFacts> {
  const { control } = await postgresServer();
  if (control === undefined) throw new Error('The server is not ours to stop; unset TEST_POSTGRES_URL.');
  const store = await newDatabase();
  const retryAfter: (string | undefined)[] = [];
  const listen = (message: unknown) => {
    const response = message instanceof Object ? Reflect.get(message, 'response') : undefined;
    if (!(response instanceof IncomingMessage) || response.statusCode !== 503) return;
    retryAfter.push(response.headers['retry-after']);
  };
  subscribe('http.client.response.finish', listen);
  try {
    return { ...(await play(store, control)), retryAfter };
  } finally {
    unsubscribe('http.client.response.finish', listen);
  }
}

function play(store: string, server: ServerControl): Promise<NightFacts> {
  return Night.play({ store, word: WORD }, async (night) => {
    const { emulator } = night;
    const ann = emulator.customer('Ann', 'WHATSAPP');
    const bob = emulator.customer('Bob', 'SMS');
    const cleo = emulator.customer('Cleo', 'FB');
    await ann.says('Good morning');
    await ann.reads('Echo: Good morning', PATIENCE_MS);
    await night.comesToRest();
    await night.types(STATUS);

    // Its turn is in the middle when the database goes.
    await cleo.says('Where is my invoice?');
    await night.bot.meets;
    await server.stop();
    night.bot.goOn();
    await ann.says('Are you open?');
    await night.passes(2 * SECOND);
    await night.types(HEALTH);
    await night.types(STATUS);
    await night.types("grep -A 3 'does not answer' bot.log");

    await night.passes(9 * MINUTE + 20 * SECOND);
    await bob.says('Can I pay by card?');
    await night.passes(38 * SECOND);
    await night.types(HEALTH);
    await night.types("grep -A 3 'consecutive failures' bot.log");

    await server.start();
    // The bot looks every second, and writes what has happened every five.
    for (let second = 0; second < 8 && !(await night.isAtRest()); second++) await night.passes(SECOND);
    await night.comesToRest();
    await night.types("grep 'answers again' bot.log");
    await night.types(HEALTH);
    // The bots find back to the database within five seconds.
    await night.typesUntil(STATUS, /a bot, process/);
    await night.passes(MINUTE);
    await bob.reads('Echo: Can I pay by card?', PATIENCE_MS);
    await night.types(HEALTH);
    await night.passes(15 * MINUTE);
    await ann.reads('Echo: Are you open?', PATIENCE_MS);
    await night.comesToRest();
    await night.types(STATUS);
    await night.types(`webex-connect-bot explain ${cleo.conversationId}`);
    assert.equal(emulator.world().integration.status, 'active');
    return night.end();
  });
}
