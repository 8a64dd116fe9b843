import assert from 'node:assert/strict';
import type { Server } from 'restify';
import { createBotServer } from '../../samples/support/createBotServer';
import { WebexConnectAdapter } from '../../src';

/** Plain JavaScript, without types of its own. */
const javascript: { createServer: typeof createBotServer } = require('../../samples/javascript/server.js');

// As docs/security.md tells that they do.
describe('A server of the samples', () => {
  const served: readonly [name: string, create: (...given: Parameters<typeof createBotServer>) => Server][] =
    [
      ['in TypeScript', createBotServer],
      ['in JavaScript', javascript.createServer],
    ];
  for (const [name, create] of served) {
    it(`cuts off, well before Node would, who never ends a request: ${name}`, () => {
      const adapter = new WebexConnectAdapter({ webhookUrl: 'https://hooks.example/bot' });
      const { headersTimeout, requestTimeout } = create(adapter, async () => {}).server;
      assert.deepEqual(
        { headersTimeout, requestTimeout },
        { headersTimeout: 10_000, requestTimeout: 15_000 },
      );
    });
  }
});
