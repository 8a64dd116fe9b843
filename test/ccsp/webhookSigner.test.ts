import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { WebhookSigner } from '../../src/ccsp/webhookSigner';
import { anyText } from '../support/wireArbitraries';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

/** Node's own cryptography, as the judge. */
function signatureOf(secret: string, content: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

describe('WebhookSigner', () => {
  it('signs the example that implementations of Standard Webhooks share', () => {
    const headers = new WebhookSigner([SECRET]).headersOf(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330_000,
      '{"test": 2432232314}',
    );
    assert.deepEqual(headers, {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('signs with every secret, in order, while one is being replaced', () => {
    const { 'webhook-signature': signature } = new WebhookSigner([SECRET, OTHER]).headersOf('m', 1000, '{}');
    assert.equal(signature, `${signatureOf(SECRET, 'm.1.{}')} ${signatureOf(OTHER, 'm.1.{}')}`);
  });

  it("signs what Node's own cryptography does, whatever the text and the time", () => {
    const times = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
    const bodies = fc.oneof(
      fc.string({ unit: 'binary' }),
      anyText.map((text) => JSON.stringify({ text })),
    );
    fc.assert(
      fc.property(fc.uuid(), times, bodies, (id, now, body) => {
        const headers = new WebhookSigner([SECRET]).headersOf(id, now, body);
        const seconds = headers['webhook-timestamp'];
        assert.equal(seconds, String(Math.floor(now / 1000)));
        assert.equal(headers['webhook-signature'], signatureOf(SECRET, `${id}.${seconds}.${body}`));
      }),
    );
  });
});
