'use strict';
// What the processes that the fault tests kill have in common: their store, and where they are to die.

/** What a process may be told to die at; other calls write nothing that a message's life depends on. */
const OPERATIONS = ['accept', 'stage', 'settleTurn', 'settleSend', 'updateConversation', 'tieConversation'];

/** Counts the commits of each kind, and ends the process, as the kernel would, at the one it is told. */
class KillPoint {
  counts = {};
  #armed;

  /** @param point `before-commit:stage:3`: the third from now on; `undefined` for none. */
  arm(point) {
    this.counts = {};
    if (point === undefined) {
      this.#armed = undefined;
      return;
    }
    const [boundary, operation, count] = point.split(':');
    this.#armed = { key: `${boundary}:${operation}`, count: Number(count) };
  }

  reached(boundary, operations) {
    for (const operation of new Set(operations)) {
      if (!OPERATIONS.includes(operation)) continue;
      const key = `${boundary}:${operation}`;
      this.counts[key] = (this.counts[key] ?? 0) + 1;
      if (key === this.#armed?.key && this.counts[key] === this.#armed.count) {
        process.kill(process.pid, 'SIGKILL');
      }
    }
  }
}

/** @param killPoint `undefined` for a store without a spy. */
function openStore(killPoint) {
  const onCommitBoundary = killPoint && ((boundary, operations) => killPoint.reached(boundary, operations));
  const { FAULT_STORE, FAULT_POSTGRES } = process.env;
  if (FAULT_STORE.startsWith('postgres')) {
    const { PostgresStore } = require('../../../dist/postgres');
    const store = new PostgresStore(JSON.parse(FAULT_POSTGRES));
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
      if (!OPERATIONS.includes(name)) return member.bind(target);
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

function log(message, fields) {
  if (process.env.FAULT_LOG) console.error(process.pid, message, fields);
}

const logger = { debug() {}, info() {}, warn: log, error: log };

/** Tells the test where the bot listens, and ends it when the test says so or is gone. */
function serve(server, adapter) {
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
async function stateOf(adapter) {
  return {
    health: await adapter.health(),
    deadLetters: await adapter.deadLetters.list({ limit: 10_000 }),
    quarantine: await adapter.quarantine.list({ limit: 10_000 }),
    ambiguous: adapter.counters.get('sends_ambiguous_total'),
  };
}

function sendJson(response, body) {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

function exitOn(error) {
  console.error(error);
  process.exit(1);
}

module.exports = { KillPoint, openStore, logger, serve, stateOf, sendJson, exitOn };
