'use strict';
// The bot that the fault tests kill: the built package on a store, as a process of its own.
const { createServer } = require('node:http');
const { WebexConnectAdapter } = require('../../../dist');

const { FAULT_STORE, FAULT_WEBHOOK_URL, FAULT_OPTIONS = '{}', FAULT_KILL_AT } = process.env;

/** Ends the process, as the kernel would, at the n-th commit of a kind: `before-commit:stage:3`. */
function killAt(point) {
  if (point === undefined) return undefined;
  const [boundary, operation, count] = point.split(':');
  let seen = 0;
  return (reached, operations) => {
    if (reached !== boundary || !operations.includes(operation)) return;
    seen += 1;
    if (seen === Number(count)) process.kill(process.pid, 'SIGKILL');
  };
}

function openStore() {
  const onCommitBoundary = killAt(FAULT_KILL_AT);
  if (FAULT_STORE.startsWith('postgres')) {
    const { PostgresStore } = require('../../../dist/postgres');
    const store = new PostgresStore(JSON.parse(process.env.FAULT_POSTGRES));
    return onCommitBoundary === undefined ? store : atEachCall(store, onCommitBoundary);
  }
  const { SqliteStore } = require('../../../dist/sqlite');
  return new SqliteStore(
    { path: FAULT_STORE.slice('sqlite:'.length) },
    { ...(onCommitBoundary && { onCommitBoundary }) },
  );
}

/** PostgreSQL commits on the server: the boundaries that this process can die at are those of its calls. */
function atEachCall(store, reached) {
  return new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (!['accept', 'stage', 'settleTurn', 'settleSend'].includes(name)) return member.bind(target);
      return async (...args) => {
        const call = member.apply(target, args);
        // The statement is on its way to the server; whether it commits is up to it.
        reached('before-commit', [name]);
        const result = await call;
        reached('after-commit', [name]);
        return result;
      };
    },
  });
}

async function main() {
  const { turnMs = 0, replies = 1, ...options } = JSON.parse(FAULT_OPTIONS);
  const adapter = new WebexConnectAdapter({
    webhookUrl: FAULT_WEBHOOK_URL,
    store: openStore(),
    verification: { token: 'fault-token' },
    logger: { debug() {}, info() {}, warn: log, error: log },
    ...options,
  });
  const logic = async (context) => {
    if (context.activity.type !== 'message') return;
    for (let part = 1; part <= replies; part++) {
      await context.sendActivity(`Echo: ${context.activity.text}${replies > 1 ? `/${part}` : ''}`);
      if (turnMs > 0) await new Promise((resolve) => setTimeout(resolve, turnMs));
    }
  };
  await adapter.start(logic);
  const server = createServer((request, response) => {
    if (request.url === '/state') return void state(adapter, response);
    void adapter.process(request, response, logic);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(Number(process.env.FAULT_PORT ?? 0), '127.0.0.1', () =>
    process.send({ port: server.address().port }),
  );
  process.on('SIGTERM', async () => {
    server.close();
    server.closeAllConnections();
    await adapter.stop();
    process.exit(0);
  });
  process.on('disconnect', () => process.exit(0));
}

/** What the test asks for at the end. */
async function state(adapter, response) {
  const body = {
    health: await adapter.health(),
    deadLetters: await adapter.deadLetters.list({ limit: 10_000 }),
    quarantine: await adapter.quarantine.list({ limit: 10_000 }),
    ambiguous: adapter.counters.get('sends_ambiguous_total'),
  };
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

function log(message, fields) {
  if (process.env.FAULT_LOG) console.error(process.pid, message, fields);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
