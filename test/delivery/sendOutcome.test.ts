import assert from 'node:assert/strict';
import fc from 'fast-check';
import { outcomeOfNetworkError, outcomeOfStatus, outcomeOfTimeout } from '../../src/delivery/sendOutcome';

describe('outcomeOfStatus', () => {
  for (const status of [425, 429, 500, 501, 503, 599]) {
    it(`retries ${status}, which was not acted upon`, () => {
      assert.deepEqual(outcomeOfStatus(status, 7000), {
        kind: 'failed',
        reason: `the webhook answered ${status}`,
        isAmbiguous: false,
        retryAfterMs: 7000,
      });
    });
  }

  for (const status of [408, 502, 504]) {
    it(`retries ${status}, though the message may have arrived`, () => {
      const outcome = outcomeOfStatus(status, undefined);
      assert.ok(outcome.kind === 'failed' && outcome.isAmbiguous);
    });
  }

  for (const status of [400, 402, 406, 409, 411, 413, 415, 422, 451]) {
    it(`blames the message for ${status}`, () => {
      const reason = `the webhook answered ${status}`;
      assert.deepEqual(outcomeOfStatus(status, undefined), { kind: 'refused', reason, blames: 'message' });
    });
  }

  for (const status of [301, 302, 303, 304, 307, 308, 401, 403, 404, 405, 407, 410]) {
    it(`blames the webhook for ${status}`, () => {
      const reason = `the webhook answered ${status}`;
      assert.deepEqual(outcomeOfStatus(status, undefined), { kind: 'refused', reason, blames: 'webhook' });
    });
  }

  it('takes no status but 2xx for success, and retries what may pass', () => {
    const statuses = fc.integer({ min: 300, max: 599 });
    fc.assert(
      fc.property(statuses, (status) => {
        const isRetried = status >= 500 || [408, 425, 429].includes(status);
        assert.equal(outcomeOfStatus(status, undefined).kind, isRetried ? 'failed' : 'refused');
      }),
    );
  });
});

describe('outcomeOfNetworkError', () => {
  const beforeTheFirstByte = [
    'ECONNREFUSED',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_INVALID_ARG',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EADDRNOTAVAIL',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ];
  for (const code of beforeTheFirstByte) {
    it(`knows that nothing was sent after ${code}`, () => {
      assert.deepEqual(outcomeOfNetworkError(code), {
        kind: 'failed',
        reason: `network error ${code}`,
        isAmbiguous: false,
        retryAfterMs: undefined,
      });
    });
  }

  for (const code of [
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ERR_CANCELED',
    'UND_ERR_DESTROYED',
    'XECONNREFUSED',
    'ECONNREFUSEDX',
    undefined,
  ]) {
    it(`does not know what arrived after ${code}`, () => {
      const outcome = outcomeOfNetworkError(code);
      assert.ok(outcome.kind === 'failed' && outcome.isAmbiguous);
    });
  }

  it('has a reason without a code, too', () => {
    const outcome = outcomeOfNetworkError(undefined);
    assert.ok(outcome.kind === 'failed');
    assert.equal(outcome.reason, 'network error without a code');
  });
});

describe('outcomeOfTimeout', () => {
  it('does not know what arrived', () => {
    assert.deepEqual(outcomeOfTimeout(5000), {
      kind: 'failed',
      reason: 'no answer within 5000 ms',
      isAmbiguous: true,
      retryAfterMs: undefined,
    });
  });
});
