import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WebexConnectAdapter } from '../../src';
import { type PlatformAnswer, postToBot } from '../../src/testing';
import { type BotHost, serveBot, TOKEN } from '../support/botHost';
import { payload } from '../support/fixtures';

const FIELDS = [
  ...Object.keys(payload('incoming-message')),
  ...Object.keys(payload('postback')),
  ...Object.keys(payload('message-delivery')),
  '__proto__',
  'constructor',
  'BotConversationid',
];

const nearlyAnEvent = fc.dictionary(
  fc.constantFrom(...FIELDS),
  fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.bigInt().map(String)),
);

describe('any body', () => {
  let host: BotHost;

  before(async () => {
    host = await serveBot({ inbound: { maxQuarantinedRequests: 5 } });
  });
  after(() => host.stop());

  const isWellAnswered = ({ status }: Pick<PlatformAnswer, 'status'>) => status === 200 || status === 413;

  it('of random bytes over a socket is answered, and never with a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        const answer = await host.post(bytes);
        assert.ok(isWellAnswered(answer), `${answer.status}`);
        assert.equal(answer.text, JSON.stringify({ verification_token: TOKEN }));
      }),
      { numRuns: 150 },
    );
  });

  it('of any JSON value is answered, and never with a 5xx', async () => {
    const adapter = new WebexConnectAdapter({ webhookUrl: host.webhook.url });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.json({ noUnicodeString: false })), async (text) => {
        assert.ok(isWellAnswered(await postToBot(adapter, text, async () => {})));
      }),
      { numRuns: 500 },
    );
    await adapter.whenIdle();
    await adapter.stop();
  });

  it('that is nearly an event is answered, and its turn ends', async () => {
    const adapter = new WebexConnectAdapter({ webhookUrl: host.webhook.url });
    await fc.assert(
      fc.asyncProperty(nearlyAnEvent, async (body) => {
        assert.ok(isWellAnswered(await postToBot(adapter, JSON.stringify(body), async () => {})));
      }),
      { numRuns: 500 },
    );
    await adapter.whenIdle();
    const stored = adapter.counters.get('events_stored_total');
    assert.ok(stored > 0);
    assert.equal(adapter.counters.get('turns_completed_total'), stored);
    assert.equal(adapter.counters.get('turns_failed_total'), 0);
    await adapter.stop();
  });

  it('that a parser has turned into any value is answered, and never with a 5xx', async () => {
    const adapter = new WebexConnectAdapter({ webhookUrl: host.webhook.url });
    await fc.assert(
      fc.asyncProperty(
        fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
        async (body) => {
          let status = 0;
          const response = {
            socket: undefined,
            status: (code: number) => {
              status = code;
            },
            header: () => undefined,
            send: () => undefined,
            end: () => undefined,
          };
          await adapter.process({ method: 'POST', headers: {}, body }, response, async () => {});
          assert.ok(isWellAnswered({ status }), `${status}`);
        },
      ),
      { numRuns: 500 },
    );
    await adapter.whenIdle();
    await adapter.stop();
  });
});
