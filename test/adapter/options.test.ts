import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  WebexConnectAdapter,
  type WebexConnectAdapterOptions,
  WebexConnectConfigurationError,
} from '../../src';
import { resolveOptions } from '../../src/adapter/options';

const webhookUrl = 'https://hooks.example.com/integration/secret-path';

describe('the options', () => {
  const wrong: [string, unknown, string][] = [
    ['a missing webhookUrl', {}, 'webhookUrl'],
    ['a webhookUrl that is no URL', { webhookUrl: 'secret-path' }, 'webhookUrl'],
    ['a webhookUrl that is not HTTP', { webhookUrl: 'ftp://example.com' }, 'webhookUrl'],
    ['http to another machine', { webhookUrl: 'http://hooks.example.com/secret-path' }, 'webhookUrl'],
    [
      'http to what only begins like this machine',
      { webhookUrl: 'http://localhost.evil.com/secret-path' },
      'webhookUrl',
    ],
    ['http to what only ends like it', { webhookUrl: 'http://evillocalhost/secret-path' }, 'webhookUrl'],
    ['http to a name made of numbers', { webhookUrl: 'http://127.0.0.1.evil.com/secret-path' }, 'webhookUrl'],
    ['http to every address of this machine', { webhookUrl: 'http://0.0.0.0/secret-path' }, 'webhookUrl'],
    ['http to another IPv6 address', { webhookUrl: 'http://[::2]/secret-path' }, 'webhookUrl'],
    ['http to a user named localhost', { webhookUrl: 'http://localhost@evil.com/secret-path' }, 'webhookUrl'],
    [
      'a user and a password in the webhookUrl',
      { webhookUrl: 'https://user:secret-path@example.com/' },
      'webhookUrl',
    ],
    [
      'a user in the webhookUrl, also where http is allowed',
      { webhookUrl: 'http://secret-path@example.com/', allowInsecureHttp: true },
      'webhookUrl',
    ],
    [
      'an allowInsecureHttp that is no boolean',
      { webhookUrl, allowInsecureHttp: 'yes' },
      'allowInsecureHttp',
    ],
    ['no options at all', undefined, 'options'],
    ['an unknown option', { webhookUrl, webhookURL: webhookUrl }, 'webhookURL'],
    ['an unknown nested option', { webhookUrl, outbound: { timeout: 5 } }, 'outbound.timeout'],
    ['a wrong nested type', { webhookUrl, outbound: { timeoutMs: '5000' } }, 'outbound.timeoutMs'],
    [
      'an answer later than the platform waits',
      { webhookUrl, inbound: { answerWithinMs: 5000 } },
      'inbound.answerWithinMs',
    ],
    [
      'a dedupe window within the retry hour',
      { webhookUrl, inbound: { dedupeWindowMs: 1000 } },
      'inbound.dedupeWindowMs',
    ],
    ['a negative delay', { webhookUrl, outbound: { retryDelaysMs: [5, -1] } }, 'outbound.retryDelaysMs.1'],
    ['an unknown style', { webhookUrl, verification: { style: 'xml' } }, 'verification.style'],
    ['a callback that is none', { webhookUrl, translation: { isEcho: true } }, 'translation.isEcho'],
    ['a store that is none', { webhookUrl, store: {} }, 'store'],
    [
      'a token that cannot stand in a header',
      { webhookUrl, verification: { token: 'tök—en', style: 'header' } },
      'verification.token',
    ],
    [
      'a header that is none',
      { webhookUrl, verification: { token: 't', style: 'header', header: 'Bad Header' } },
      'verification.header',
    ],
    ['an empty token', { webhookUrl, authentication: { accessToken: '' } }, 'authentication.accessToken'],
    ['no token in a list', { webhookUrl, authentication: { accessToken: [] } }, 'authentication.accessToken'],
    [
      'a token that no header could carry',
      { webhookUrl, authentication: { accessToken: ['good', 'secret-path\n'] } },
      'authentication.accessToken.1',
    ],
    [
      'a token with a blank at its end, which no header keeps',
      { webhookUrl, authentication: { accessToken: 'secret-path ' } },
      'authentication.accessToken',
    ],
    [
      'a token together with its Bearer, which would match no request',
      { webhookUrl, authentication: { accessToken: 'Bearer secret-path' } },
      'authentication.accessToken',
    ],
    [
      'an empty signature secret',
      { webhookUrl, authentication: { signatureSecret: [''] } },
      'authentication.signatureSecret.0',
    ],
    ['a hook that is none', { webhookUrl, authentication: { isAllowed: true } }, 'authentication.isAllowed'],
  ];

  for (const [title, options, path] of wrong) {
    it(`refuse ${title} at construction, naming ${path}`, () => {
      assert.throws(
        () => new WebexConnectAdapter(options as WebexConnectAdapterOptions),
        (error: unknown) => {
          assert.ok(error instanceof WebexConnectConfigurationError);
          assert.equal(error.code, 'WEBEX_CONNECT_CONFIGURATION');
          assert.equal(error.path, path);
          assert.ok(error.message.includes(path));
          assert.equal(error.message.includes('secret-path'), false);
          return true;
        },
      );
    });
  }

  for (const url of [
    'https://hooks.example.com/',
    'HTTPS://hooks.example.com/',
    'http://localhost:3978/x',
    'http://LOCALHOST/x',
    'http://bot.localhost/x',
    'http://127.0.0.1:1/x',
    'http://127.255.255.254/x',
    'http://2130706433/x',
    'http://[::1]:8080/x',
    'http://[0:0:0:0:0:0:0:1]/x',
  ]) {
    it(`take ${url}`, () => assert.doesNotThrow(() => resolveOptions({ webhookUrl: url })));
  }

  it('take http to another machine when told so', () => {
    const options = { webhookUrl: 'http://emulator:4000/hook', allowInsecureHttp: true };
    assert.doesNotThrow(() => resolveOptions(options));
  });

  it('have the defaults of the design', () => {
    const settings = resolveOptions({ webhookUrl });
    assert.equal(settings.verification.style, 'json');
    assert.equal(settings.verification.field, 'verification_token');
    assert.equal(settings.inbound.bodyLimitBytes, 256 * 1024);
    assert.equal(settings.inbound.answerWithinMs, 3000);
    assert.deepEqual(settings.outbound.retryDelaysMs, [5000, 60_000, 600_000, 2_700_000]);
    assert.equal(settings.outbound.timeoutMs, 5000);
    assert.equal(settings.outbound.failuresUntilInactive, 5);
    assert.equal(settings.turns.maxAttempts, 3);
    assert.deepEqual(settings.translation.botConversationFields, ['BotConversationid']);
    assert.equal(settings.translation.isAgentMessage({ eventName: 'AGENT MESSAGE', payload: {} }), true);
    assert.equal(settings.translation.isEcho({ eventName: '', payload: {} }), false);
    assert.equal(settings.outbound.judgeAnswer({ status: 200, body: 'error' }), 'accepted');
  });

  it('give each adapter a store of its own', () => {
    assert.notEqual(resolveOptions({ webhookUrl }).store, resolveOptions({ webhookUrl }).store);
  });

  it('are not shown by whoever shows the adapter', () => {
    const adapter = new WebexConnectAdapter({
      webhookUrl,
      verification: { token: 'secret-path of verification' },
      authentication: { accessToken: 'secret-path-token', signatureSecret: 'secret-path of signatures' },
    });
    const shown = inspect(adapter, { depth: 20, showHidden: true }) + JSON.stringify(adapter);
    assert.match(shown, /WebexConnectAdapter/);
    assert.equal(shown.includes('secret-path'), false);
  });

  it('take one secret or several', () => {
    const { authentication } = resolveOptions({ webhookUrl, authentication: { accessToken: 'one' } });
    assert.deepEqual(authentication.accessToken, ['one']);
  });
});
