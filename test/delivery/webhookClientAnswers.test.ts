import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { letEventLoopTurn } from '../support/eventLoop';
import { signal } from '../support/signal';
import { type Answer, accepted, describeWebhookClient, message } from './support/webhookStage';

describeWebhookClient(({ clock, clientFor, webhook, outcomeOf, outcomeOfBytes }) => {
  describe('the status', () => {
    for (const status of [200, 201, 202, 204, 299]) {
      it(`${status} is accepted`, async () => {
        assert.deepEqual(await outcomeOf((response) => response.writeHead(status).end()), accepted);
      });
    }

    it('500 is a failure that may pass', async () => {
      assert.deepEqual(await outcomeOf((response) => response.writeHead(500).end('a stack trace')), {
        kind: 'failed',
        reason: 'the webhook answered 500',
        isAmbiguous: false,
        retryAfterMs: undefined,
      });
    });

    it('400 blames the message, and none of the answer is kept', async () => {
      assert.deepEqual(await outcomeOf((response) => response.writeHead(400).end('your text: Hello')), {
        kind: 'refused',
        reason: 'the webhook answered 400',
        blames: 'message',
      });
    });

    for (const status of [300, 301, 302, 303, 307, 308]) {
      it(`${status} blames the webhook, and is not followed`, async () => {
        const { server: elsewhere, received } = await webhook((response) => response.end());
        const outcome = await outcomeOf((response) =>
          response.writeHead(status, { Location: elsewhere.url }).end(),
        );
        const reason = `the webhook answered ${status}`;
        assert.deepEqual(outcome, { kind: 'refused', reason, blames: 'webhook' });
        assert.equal(received.length, 0);
      });
    }

    for (const status of [429, 503]) {
      it(`${status} may name the seconds to wait`, async () => {
        const outcome = await outcomeOf((response) =>
          response.writeHead(status, { 'Retry-After': '120' }).end(),
        );
        assert.equal(outcome.kind === 'failed' && outcome.retryAfterMs, 120_000);
      });
    }

    it('429 may name the time to wait until', async () => {
      const date = new Date(clock.now() + 90_000).toUTCString();
      const outcome = await outcomeOf((response) => response.writeHead(429, { 'Retry-After': date }).end());
      assert.equal(outcome.kind === 'failed' && outcome.retryAfterMs, 90_000);
    });

    it('429 may name the time to wait twice, which is no reason to take it for no answer', async () => {
      const headers = 'Retry-After: 7\r\nRetry-After: 8\r\nContent-Length: 0';
      const outcome = await outcomeOfBytes(`HTTP/1.1 429 Slow down\r\n${headers}\r\n\r\n`);
      assert.ok(outcome.kind === 'failed' && outcome.reason === 'the webhook answered 429');
    });

    it('429 may name nothing that can be read', async () => {
      const outcome = await outcomeOf((response) => response.writeHead(429, { 'Retry-After': 'soon' }).end());
      assert.deepEqual(outcome.kind === 'failed' && outcome.retryAfterMs, undefined);
    });
  });

  describe('the body of the answer', () => {
    it('may hold the platform’s id', async () => {
      const outcome = await outcomeOf((response) => response.end('{"id":"p-1"}'), {
        platformMessageId: (body) => String(JSON.parse(body).id),
      });
      assert.deepEqual(outcome, { kind: 'accepted', platformMessageId: 'p-1' });
    });

    it('is judged together with the status', async () => {
      const seen: unknown[] = [];
      await outcomeOf((response) => response.writeHead(202).end('Grüße'), {
        judgeAnswer(answer) {
          seen.push(answer);
          return 'accepted';
        },
      });
      assert.deepEqual(seen, [{ status: 202, body: 'Grüße' }]);
    });

    it('may say that the message is refused', async () => {
      const outcome = await outcomeOf((response) => response.end('no'), { judgeAnswer: () => 'refuse' });
      assert.deepEqual(outcome, {
        kind: 'refused',
        reason: 'the webhook answered 200, but judgeAnswer found an error in the body',
        blames: 'message',
      });
    });

    it('may say that it is worth another try', async () => {
      const answer: Answer = (response) => response.writeHead(200, { 'Retry-After': '60' }).end('busy');
      const outcome = await outcomeOf(answer, { judgeAnswer: () => 'retry' });
      assert.ok(outcome.kind === 'failed' && !outcome.isAmbiguous && outcome.retryAfterMs === 60_000);
    });

    it('is not judged when the status says enough', async () => {
      const judgeAnswer = () => assert.fail('it was judged');
      const outcome = await outcomeOf((response) => response.writeHead(500).end(), { judgeAnswer });
      assert.ok(outcome.kind === 'failed' && outcome.reason === 'the webhook answered 500');
    });

    for (const name of ['judgeAnswer', 'platformMessageId'] as const) {
      it(`counts as accepted when ${name} throws: it was 2xx, and the customer must not read it twice`, async () => {
        const outcome = await outcomeOf((response) => response.end('x'), {
          [name]: () => {
            throw new Error('is my fault');
          },
        });
        assert.deepEqual(outcome, { kind: 'accepted', platformMessageId: undefined });
      });
    }

    it('is cut when it is huge, and its status counts', async () => {
      const lengths: number[] = [];
      const outcome = await outcomeOf((response) => response.end('x'.repeat(1024 * 1024)), {
        judgeAnswer({ body }) {
          lengths.push(body.length);
          return 'accepted';
        },
      });
      assert.deepEqual(outcome, accepted);
      assert.deepEqual(lengths, [64 * 1024]);
    });

    it('is cut when it never ends, and its status counts', async () => {
      const answer: Answer = (response) => {
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(16 * 1024)));
        };
        response.on('drain', more);
        more();
      };
      assert.deepEqual(await outcomeOf(answer), accepted);
    });

    it('is not unpacked: a few kilobytes may be gigabytes', async () => {
      const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
      const bodies: string[] = [];
      const outcome = await outcomeOf(
        (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb),
        {
          judgeAnswer({ body }) {
            bodies.push(body);
            return 'accepted';
          },
        },
      );
      assert.deepEqual(outcome, accepted);
      assert.deepEqual(bodies, [bomb.toString('utf8', 0, 64 * 1024)]);
    });

    it('may come after a thousand preliminary answers', async () => {
      const preliminary = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(1000);
      const final = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
      assert.deepEqual(await outcomeOfBytes(preliminary + final), accepted);
    });

    it('may stand behind more headers than anybody needs: then nobody can tell what was answered', async () => {
      const outcome = await outcomeOfBytes(`HTTP/1.1 200 OK\r\n${'X-Bomb: 1\r\n'.repeat(100_000)}\r\n`);
      assert.deepEqual(outcome, {
        kind: 'failed',
        reason: 'network error HPE_HEADER_OVERFLOW',
        isAmbiguous: true,
        retryAfterMs: undefined,
      });
    });

    it('may break off: the status was there already', async () => {
      assert.deepEqual(await outcomeOfBytes('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id"'), accepted);
    });

    it('may break off after a failure, too', async () => {
      const outcome = await outcomeOfBytes('HTTP/1.1 503 Oops\r\nContent-Length: 100\r\n\r\nwell');
      assert.ok(outcome.kind === 'failed' && outcome.reason === 'the webhook answered 503');
    });

    it('may claim to be gzip and be garbage: the status counts', async () => {
      const outcome = await outcomeOf((response) =>
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('this is no gzip'),
      );
      assert.deepEqual(outcome, accepted);
    });

    it('may stall: the status counts when the time is up', async () => {
      const written = signal();
      const { server } = await webhook((response) => {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('{', written.give);
      });
      const sending = clientFor(server.url).send(message);
      await written.given;
      await letEventLoopTurn();
      await clock.advance(5000);
      assert.deepEqual(await sending, accepted);
    });
  });
});
