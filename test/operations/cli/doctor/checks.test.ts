import assert from 'node:assert/strict';
import type { Check } from '../../../../src/operations/cli/doctor/check';
import { checkEndpoint } from '../../../../src/operations/cli/doctor/checkEndpoint';
import { checkEnvironment } from '../../../../src/operations/cli/doctor/checkEnvironment';
import { checkRuntime } from '../../../../src/operations/cli/doctor/checkRuntime';
import { checkWebhook } from '../../../../src/operations/cli/doctor/checkWebhook';
import type { Probe, ProbeAnswer, ProbeRequest } from '../../../../src/operations/cli/doctor/probe';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 2, 9, 14);

/** The checks that are not ok, each with its status. */
function troubles(checks: readonly Check[]): string[] {
  return checks.filter(({ status }) => status !== 'ok').map(({ name, status }) => `${status} ${name}`);
}

function answered(more: Partial<Extract<ProbeAnswer, { kind: 'answered' }>> = {}): ProbeAnswer {
  return {
    kind: 'answered',
    status: 200,
    headers: {},
    body: '',
    tookMs: 12,
    certificateEndsAt: undefined,
    ...more,
  };
}

describe('The doctor looks at the environment', () => {
  const GOOD: NodeJS.ProcessEnv = {
    PORT: '3978',
    WEBEX_CONNECT_WEBHOOK_URL: 'https://hooks.example.com/events/secret-path',
    WEBEX_CONNECT_VERIFICATION_TOKEN: 'secret-token',
    WEBEX_CONNECT_STORE: 'sqlite:bot.db',
    PATH: '/usr/bin',
  };
  const look = (env: NodeJS.ProcessEnv, store?: string) => checkEnvironment({ ...GOOD, ...env }, store);

  it('and finds nothing wrong with a good one', () => {
    assert.deepEqual(troubles(look({})), []);
  });

  const WRONG: readonly [string, NodeJS.ProcessEnv, readonly string[]][] = [
    ['no number', { PORT: 'http' }, ['fail environment.PORT']],
    ['a port too high', { PORT: '65536' }, ['fail environment.PORT']],
    ['no webhook', { WEBEX_CONNECT_WEBHOOK_URL: '' }, ['warn environment.WEBEX_CONNECT_WEBHOOK_URL']],
    [
      'a webhook that is no URL',
      { WEBEX_CONNECT_WEBHOOK_URL: 'hooks' },
      ['fail environment.WEBEX_CONNECT_WEBHOOK_URL'],
    ],
    [
      'another protocol',
      { WEBEX_CONNECT_WEBHOOK_URL: 'ftp://x/' },
      ['fail environment.WEBEX_CONNECT_WEBHOOK_URL'],
    ],
    [
      'http to another machine',
      { WEBEX_CONNECT_WEBHOOK_URL: 'http://hooks.example.com/' },
      ['fail environment.WEBEX_CONNECT_WEBHOOK_URL'],
    ],
    [
      'blanks around the webhook',
      { WEBEX_CONNECT_WEBHOOK_URL: 'https://hooks.example.com/ ' },
      ['fail environment.WEBEX_CONNECT_WEBHOOK_URL'],
    ],
    [
      'a password in the webhook',
      { WEBEX_CONNECT_WEBHOOK_URL: 'https://me:secret-pass@hooks.example.com/' },
      ['fail environment.WEBEX_CONNECT_WEBHOOK_URL'],
    ],
    ['no token', { WEBEX_CONNECT_VERIFICATION_TOKEN: '' }, ['warn environment.tokens']],
    [
      'quotes around a token',
      { WEBEX_CONNECT_VERIFICATION_TOKEN: '"secret-token"' },
      ['fail environment.WEBEX_CONNECT_VERIFICATION_TOKEN'],
    ],
    [
      'a line break after a token',
      { WEBEX_CONNECT_ACCESS_TOKEN: 'secret-token\n' },
      ['fail environment.WEBEX_CONNECT_ACCESS_TOKEN'],
    ],
    ['no store', { WEBEX_CONNECT_STORE: '' }, ['warn environment.WEBEX_CONNECT_STORE']],
    ['memory', { WEBEX_CONNECT_STORE: 'memory:' }, ['warn environment.WEBEX_CONNECT_STORE']],
    [
      'a store that is none',
      { WEBEX_CONNECT_STORE: 'mysql://secret-pass@x' },
      ['fail environment.WEBEX_CONNECT_STORE'],
    ],
    [
      'a name that nobody reads',
      { WEBEX_CONNECT_WEBHOOKURL: 'https://x/secret-path' },
      ['warn environment.WEBEX_CONNECT_WEBHOOKURL'],
    ],
  ];
  for (const [what, env, expected] of WRONG) {
    it(`and finds ${what}`, () => {
      const checks = look(env);
      assert.deepEqual(troubles(checks), expected);
      assert.ok(checks.filter(({ status }) => status !== 'ok').every(({ advice }) => advice !== ''));
      assert.doesNotMatch(JSON.stringify(checks), /secret/);
    });
  }

  it('and takes http to this machine for good, and IMI BOT’s token, and --store', () => {
    for (const host of ['localhost', 'bot.localhost', '127.0.0.1', '[::1]']) {
      assert.deepEqual(troubles(look({ WEBEX_CONNECT_WEBHOOK_URL: `http://${host}:4000/hooks/x` })), []);
    }
    const imi = { WEBEX_CONNECT_VERIFICATION_TOKEN: '', WEBEX_CONNECT_ACCESS_TOKEN: 'a' };
    assert.deepEqual(troubles(look(imi)), []);
    assert.deepEqual(troubles(look({ WEBEX_CONNECT_STORE: '' }, 'postgres://x/y')), []);
  });

  it('and guesses what a misspelt name means', () => {
    const advices = (name: string) =>
      look({ [name]: 'x' }).find((check) => check.name.endsWith(name))?.advice;
    assert.equal(advices('WEBEX_CONNECT_WEBHOOKURL'), 'did you mean WEBEX_CONNECT_WEBHOOK_URL?');
    assert.equal(advices('WEBEX_CONNECT_ACESS_TOKEN'), 'did you mean WEBEX_CONNECT_ACCESS_TOKEN?');
    assert.equal(advices('WEBEX_CONNECT_SOMETHING_ELSE'), 'see whether your bot reads it');
  });
});

describe('The doctor looks at Node and the packages', () => {
  const look = (nodeVersion: string, versions: Record<string, string>, usesPostgres = false) =>
    troubles(checkRuntime({ nodeVersion, versionOf: (name) => versions[name] }, '0.1.0', usesPostgres));

  const CASES: readonly [string, Record<string, string>, boolean, readonly string[]][] = [
    ['v20.19.0', { botbuilder: '4.23.3' }, false, []],
    ['v22.11.0', { botbuilder: '4.20.0' }, false, []],
    ['v24.1.0', { botbuilder: '4.23.3', pg: '8.16.0' }, true, []],
    ['v20.18.1', { botbuilder: '4.23.3' }, false, ['fail node']],
    ['v18.20.0', { botbuilder: '4.23.3' }, false, ['fail node']],
    ['v23.1.0', { botbuilder: '4.23.3' }, false, ['warn node']],
    ['v22.11.0', {}, false, ['fail package.botbuilder']],
    ['v22.11.0', { botbuilder: '4.19.2' }, false, ['fail package.botbuilder']],
    ['v22.11.0', { botbuilder: '5.0.0' }, false, ['fail package.botbuilder']],
    ['v22.11.0', { botbuilder: '4.23.3' }, true, ['fail package.pg']],
    ['v22.11.0', { botbuilder: '4.23.3', pg: '8.10.0' }, true, ['fail package.pg']],
  ];
  for (const [node, versions, usesPostgres, expected] of CASES) {
    const has = Object.entries(versions).map((one) => one.join(' '));
    it(`${node} with ${has.join(', ') || 'nothing'}${usesPostgres ? ' for PostgreSQL' : ''}`, () => {
      assert.deepEqual(look(node, versions, usesPostgres), expected);
    });
  }
});

describe('The doctor looks at the endpoint', () => {
  const URL_OF_BOT = 'http://localhost:3978/api/webex-connect/secret-path';
  const OTHERS = { url: URL_OF_BOT, verificationToken: 'secret-token', accessToken: undefined };
  const IMI_BOT = { url: URL_OF_BOT, verificationToken: undefined, accessToken: 'secret-access' };
  const WITH_TOKEN = answered({ body: '{"verification_token":"secret-token"}' });

  async function look(facts: Parameters<typeof checkEndpoint>[1], probe: Probe): Promise<Check[]> {
    const checks = await checkEndpoint(probe, facts);
    assert.doesNotMatch(JSON.stringify(checks), /secret/);
    return checks;
  }

  const ANSWERS: readonly [string, ProbeAnswer, readonly string[]][] = [
    ['the token as JSON', WITH_TOKEN, []],
    ['the token in a field of another name', answered({ body: '{"token":"secret-token"}' }), []],
    ['the token as text', answered({ body: 'secret-token\n' }), []],
    ['the token in a header', answered({ headers: { 'x-verification-token': 'secret-token' } }), []],
    ['nothing', answered(), ['fail endpoint.token']],
    ['JSON that is no object', answered({ body: 'null' }), ['fail endpoint.token']],
    ['another token', answered({ body: '{"verification_token":"other"}' }), ['fail endpoint.token']],
    ['late', answered({ body: 'secret-token', tookMs: 3001 }), ['warn endpoint.answer']],
    ['404', answered({ status: 404 }), ['fail endpoint.answer']],
    ['503', answered({ status: 503 }), ['fail endpoint.answer']],
    ['401', answered({ status: 401 }), ['fail endpoint.answer']],
    ['a redirect', answered({ status: 302 }), ['fail endpoint.answer']],
    ['not at all', { kind: 'failed', code: 'ECONNREFUSED' }, ['fail endpoint.answer']],
    ['not in time', { kind: 'failed', code: 'TIMEOUT' }, ['fail endpoint.answer']],
    ['with rubbish', { kind: 'failed', code: 'HPE_INVALID_CONSTANT' }, ['fail endpoint.answer']],
  ];
  for (const [what, answer, expected] of ANSWERS) {
    it(`that answers ${what}`, async () => {
      const checks = await look(OTHERS, async () => answer);
      assert.deepEqual(troubles(checks), expected);
      assert.ok(checks.filter(({ status }) => status !== 'ok').every(({ advice }) => advice !== ''));
    });
  }

  it('says how long it took', async () => {
    const [check] = await look(OTHERS, async () => WITH_TOKEN);
    assert.match(check?.message ?? '', /answers 200 in 12 ms/);
  });

  it('asks with an empty body, within the time that Webex Connect waits', async () => {
    const asked: ProbeRequest[] = [];
    await look(OTHERS, async (request) => {
      asked.push(request);
      return WITH_TOKEN;
    });
    assert.deepEqual(asked, [{ method: 'POST', url: URL_OF_BOT, headers: {}, timeoutMs: 5000 }]);
  });

  it('asks first as a stranger where an access token is set, who must get 401', async () => {
    const asked: (string | undefined)[] = [];
    const door: Probe = async ({ headers }) => {
      asked.push(headers?.authorization);
      return answered({ status: headers?.authorization === 'Bearer secret-access' ? 200 : 401 });
    };
    assert.deepEqual(troubles(await look(IMI_BOT, door)), ['skipped endpoint.token']);
    assert.deepEqual(asked, [undefined, 'Bearer secret-access']);
    const open: Probe = async () => answered();
    assert.deepEqual(troubles(await look(IMI_BOT, open)), [
      'skipped endpoint.token',
      'fail endpoint.stranger',
    ]);
    const closed: Probe = async () => ({ kind: 'failed', code: 'ECONNREFUSED' });
    assert.deepEqual(troubles(await look(IMI_BOT, closed)), ['fail endpoint.answer']);
  });

  it('says nothing of one whose address is not known', async () => {
    const facts = { ...OTHERS, url: undefined };
    assert.deepEqual(troubles(await look(facts, async () => WITH_TOKEN)), ['skipped endpoint']);
  });
});

describe('The doctor looks at the webhook and the clock', () => {
  const WEBHOOK_URL = 'https://hooks.example.com/events/secret-path';
  const DATE = new Date(NOW).toUTCString();

  async function look(answer: ProbeAnswer, url: string | undefined = WEBHOOK_URL): Promise<Check[]> {
    const checks = await checkWebhook(
      async () => answer,
      url,
      () => NOW,
    );
    assert.doesNotMatch(JSON.stringify(checks), /secret/);
    return checks;
  }

  const good = { headers: { date: DATE }, certificateEndsAt: NOW + 90 * DAY_MS };
  const ANSWERS: readonly [string, ProbeAnswer, readonly string[]][] = [
    ['answers', answered(good), []],
    ['does not know OPTIONS', answered({ ...good, status: 405 }), []],
    ['does not know us', answered({ ...good, status: 401 }), []],
    ['fails', answered({ ...good, status: 503 }), ['warn webhook.reach']],
    ['redirects', answered({ ...good, status: 308 }), ['warn webhook.reach']],
    [
      'has a certificate that ends soon',
      answered({ ...good, certificateEndsAt: NOW + 13 * DAY_MS }),
      ['warn webhook.certificate'],
    ],
    ['tells no time', answered({ ...good, headers: {} }), ['skipped clock']],
    ['tells no time that is one', answered({ ...good, headers: { date: 'soon' } }), ['skipped clock']],
    ['is not there', { kind: 'failed', code: 'ENOTFOUND' }, ['fail webhook.reach']],
    ['refuses', { kind: 'failed', code: 'ECONNREFUSED' }, ['fail webhook.reach']],
    ['has a bad certificate', { kind: 'failed', code: 'CERT_HAS_EXPIRED' }, ['fail webhook.reach']],
    ['is silent', { kind: 'failed', code: 'TIMEOUT' }, ['fail webhook.reach']],
    ['does anything else', { kind: 'failed', code: 'EPROTO' }, ['fail webhook.reach']],
  ];
  for (const [what, answer, expected] of ANSWERS) {
    it(`that ${what}`, async () => {
      assert.deepEqual(troubles(await look(answer)), expected);
    });
  }

  const SKEWS: readonly [number, readonly string[]][] = [
    [10_000, []],
    [-10_000, []],
    [11_000, ['warn clock']],
    [-11_000, ['warn clock']],
    [301_000, ['fail clock']],
    [-301_000, ['fail clock']],
  ];
  for (const [skewMs, expected] of SKEWS) {
    it(`whose clock is ${skewMs} ms off`, async () => {
      const date = new Date(NOW + skewMs).toUTCString();
      assert.deepEqual(troubles(await look(answered({ ...good, headers: { date } }))), expected);
    });
  }

  it('sends no event: it asks what the webhook takes', async () => {
    const asked: ProbeRequest[] = [];
    await checkWebhook(
      async (request) => {
        asked.push(request);
        return answered(good);
      },
      WEBHOOK_URL,
      () => NOW,
    );
    assert.deepEqual(asked, [{ method: 'OPTIONS', url: WEBHOOK_URL, timeoutMs: 5000 }]);
  });

  for (const url of [undefined, 'hooks', 'ftp://x/']) {
    it(`says nothing of ${url}`, async () => {
      const checks = await checkWebhook(
        () => assert.fail('it was asked'),
        url,
        () => NOW,
      );
      assert.deepEqual(troubles(checks), ['skipped webhook']);
    });
  }
});
