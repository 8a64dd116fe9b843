'use strict';

const { MemoryStore } = require('botbuilder-adapter-webex-connect');

/**
 * Opens what WEBEX_CONNECT_STORE names: 'memory:', 'sqlite:<path>' or 'postgres://…'. Only what is needed is loaded, for
 * PostgreSQL wants `npm install pg`.
 *
 * @param {string} location
 */
function openStore(location) {
  if (location === 'memory:') return new MemoryStore();
  if (location.startsWith('sqlite:')) {
    const { SqliteStore } = require('botbuilder-adapter-webex-connect/sqlite');
    return new SqliteStore(location.slice('sqlite:'.length));
  }
  if (/^postgres(ql)?:\/\//.test(location)) {
    const { PostgresStore } = require('botbuilder-adapter-webex-connect/postgres');
    return new PostgresStore(location);
  }
  throw new Error("WEBEX_CONNECT_STORE must be 'memory:', 'sqlite:<path>' or 'postgres://…'.");
}

module.exports = { openStore };
