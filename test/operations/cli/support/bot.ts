// A bot that echoes, as a process of its own: what it stores where, and at which commit it dies, its environment says.
import { createServer } from 'node:http';
import { WebexConnectAdapter } from '../../../../src';
import { PostgresStore } from '../../../../src/postgres';
import { SqliteStore } from '../../../../src/sqlite';
import { echo } from '../../../support/botHost';
import { portOf } from '../../../support/fakeWebhook';

const {
  WEBEX_CONNECT_STORE: place = '',
  WEBEX_CONNECT_WEBHOOK_URL: webhookUrl = '',
  WEBEX_CONNECT_VERIFICATION_TOKEN: token,
  WEBEX_CONNECT_ACCESS_TOKEN: accessToken,
  KILL_AT: killAt,
} = process.env;

function openStore(): SqliteStore | PostgresStore {
  if (!place.startsWith('sqlite:')) return new PostgresStore(place);
  return new SqliteStore(place.slice('sqlite:'.length), {
    onCommitBoundary: (boundary, operations) => {
      for (const operation of operations) {
        if (`${boundary}:${operation}` === killAt) process.kill(process.pid, 'SIGKILL');
      }
    },
  });
}

async function main(): Promise<void> {
  const store = openStore();
  const adapter = new WebexConnectAdapter({
    webhookUrl,
    store,
    verification: { token },
    authentication: { accessToken },
    // Nothing is tried again but by an operator.
    outbound: { retryDelaysMs: [600_000], probeAfterMs: 600_000 },
  });
  await adapter.start(echo);
  const server = createServer((request, response) => {
    if (request.url !== '/stats') return void adapter.process(request, response, echo);
    // Idle, it is in the middle of no transaction, and may be frozen.
    void adapter
      .whenIdle()
      .then(() => store.stats())
      .then((stats) => response.end(JSON.stringify(stats)));
  });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: portOf(server) }));
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    void adapter.stop().then(() => process.exit(0));
  });
  // The test is gone.
  process.once('disconnect', () => process.exit(0));
}

void main();
