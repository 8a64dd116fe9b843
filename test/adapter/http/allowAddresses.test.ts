import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allowAddresses, type Caller, WebexConnectConfigurationError } from '../../../src';

const caller = (remoteAddress: string | undefined, forwardedFor?: string): Caller => ({
  remoteAddress,
  clientCertificate: undefined,
  headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
});

describe('allowAddresses', () => {
  const isAllowed = allowAddresses(['203.0.113.7', '198.51.100.0/24', '2001:db8::/32']);

  for (const address of ['203.0.113.7', '198.51.100.0', '198.51.100.255', '2001:db8::1', '2001:DB8:0:0::1']) {
    it(`admits ${address}`, () => assert.equal(isAllowed(caller(address)), true));
  }

  for (const address of [
    '203.0.113.8',
    '198.51.101.0',
    '2001:db9::1',
    '::ffff:0:0',
    '127.0.0.1',
    '',
    'localhost',
    'fe80::1%eth0',
    undefined,
  ]) {
    it(`turns ${address === '' ? 'nothing' : address} away`, () => {
      assert.equal(isAllowed(caller(address)), false);
    });
  }

  it('admits everybody only where that is what it says', () => {
    assert.equal(allowAddresses(['0.0.0.0/0'])(caller('8.8.8.8')), true);
    assert.equal(allowAddresses(['0.0.0.0/0'])(caller('::1')), false);
  });

  it('does not look at X-Forwarded-For of somebody who is no proxy of ours', () => {
    assert.equal(isAllowed(caller('192.0.2.1', '203.0.113.7')), false);
    assert.equal(isAllowed(caller('203.0.113.7', '192.0.2.1')), true);
  });

  describe('behind trusted proxies', () => {
    const behind = allowAddresses(['203.0.113.7', '2001:db8::7'], {
      trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
    });
    const cases: [string, string | undefined, string | undefined, boolean][] = [
      ['the caller that the proxy names', '10.0.0.1', '203.0.113.7', true],
      ['the caller behind two proxies', '10.0.0.1', '203.0.113.7, 10.9.9.9', true],
      ['the caller whose port is noted', '10.0.0.1', '203.0.113.7:50123', true],
      ['a caller with an IPv6 address', 'fd00::1', '2001:db8::7', true],
      ['a caller with an IPv6 address and a port', 'fd00::1', '[2001:db8::7]:50123', true],
      ['a caller whose IPv4 address is written as IPv6', '10.0.0.1', '::ffff:203.0.113.7', true],
      ['a caller who does without the proxy', '203.0.113.7', undefined, true],
      ['a stranger', '10.0.0.1', '192.0.2.1', false],
      ['a stranger who names another before himself', '10.0.0.1', '203.0.113.7, 192.0.2.1', false],
      ['a stranger who claims to be a proxy', '192.0.2.1', '203.0.113.7', false],
      ['a proxy that names nobody', '10.0.0.1', undefined, false],
      ['a proxy that names nothing readable', '10.0.0.1', 'unknown', false],
      ['proxies without end', '10.0.0.1', Array(1000).fill('10.0.0.2').join(','), false],
    ];
    for (const [name, remote, forwarded, expected] of cases) {
      it(`${expected ? 'admits' : 'turns away'} ${name}`, () => {
        assert.equal(behind(caller(remote, forwarded)), expected);
      });
    }
  });

  it('never throws, whatever a header says', () => {
    const behind = allowAddresses(['203.0.113.7'], { trustedProxies: ['10.0.0.0/8'] });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(behind(caller('10.0.0.1', `${text},192.0.2.1`)), false);
      }),
    );
  });

  for (const [what, path, addresses, trustedProxies] of [
    ['no address', 'addresses', [], []],
    ['a name', 'addresses.1', ['127.0.0.1', 'localhost'], []],
    ['too long a prefix', 'addresses.0', ['127.0.0.1/33'], []],
    ['a prefix that is none', 'addresses.0', ['127.0.0.1/x'], []],
    ['a proxy that is none', 'trustedProxies.0', ['127.0.0.1'], ['*']],
  ] as const) {
    it(`refuses ${what} at construction, naming ${path}`, () => {
      assert.throws(
        () => allowAddresses(addresses, { trustedProxies }),
        (error) => error instanceof WebexConnectConfigurationError && error.path === path,
      );
    });
  }
});
