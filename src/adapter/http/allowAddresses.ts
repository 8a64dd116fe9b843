import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { readOptions } from '../../optionSchema';
import { type Caller, plainAddress } from './caller';

const PREFIX_BITS = { 4: 32, 6: 128 };

const range = z
  .string()
  .refine((text) => toRange(text) !== undefined, 'must be an IP address, or a range such as 203.0.113.0/24');

/** What is given, its default and its description: `docs/configuration.md` is made from it. */
export const allowAddressesSchema = z.strictObject({
  addresses: z
    .array(range)
    .min(1)
    .describe('The first argument: IP addresses and ranges in CIDR notation, IPv4 or IPv6, of who may call.'),
  trustedProxies: z
    .array(range)
    .default([])
    .describe(
      'Addresses of your own proxies: behind one of them, and of nobody else, `X-Forwarded-For` is believed.',
    ),
});

/** More hops than this are nobody's proxies. */
const MAX_HOPS = 20;

/**
 * Makes an `authentication.isAllowed` that admits callers by their address.
 *
 * @param addresses IP addresses and ranges in CIDR notation, IPv4 or IPv6. The platform documents none: ask its
 * operator for those of your region.
 * @param options `trustedProxies`: the addresses of your own proxies. Behind one of them, the caller is the last address in
 * `X-Forwarded-For` that is no trusted proxy; from anybody else that header is not looked at.
 * @throws {WebexConnectConfigurationError} when one is no address or range.
 */
export function allowAddresses(
  addresses: readonly string[],
  options: { readonly trustedProxies?: readonly string[] } = {},
): (caller: Caller) => boolean {
  const settings = readOptions(allowAddressesSchema, { addresses, ...options }, 'allowAddresses');
  const allowed = toList(settings.addresses);
  const proxies = toList(settings.trustedProxies);
  return (caller) => {
    const address = addressOf(caller, proxies);
    return address !== undefined && holds(allowed, address);
  };
}

/** Each proxy adds at the end whom it was called by, so the header is believed from there on, for as long as one is ours. */
function addressOf({ remoteAddress, headers }: Caller, proxies: BlockList): string | undefined {
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
  let address = remoteAddress;
  for (let hop = 0; hop < MAX_HOPS && address !== undefined && holds(proxies, address); hop++) {
    const before = forwarded.pop()?.trim() ?? '';
    if (before === '') break;
    address = plainAddress(withoutPort(before));
  }
  return address;
}

/** Some proxies note the port too: `203.0.113.7:49152`, `[2001:db8::7]:49152`. */
function withoutPort(hop: string): string {
  const [, ipv6, ipv4] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d+)?$/.exec(hop) ?? [];
  return ipv6 ?? ipv4 ?? hop;
}

function toList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const { address, bits, family } of ranges.map(toRange).filter((one) => one !== undefined)) {
    list.addSubnet(address, bits, family);
  }
  return list;
}

interface Range {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

function toRange(text: string): Range | undefined {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version !== 4 && version !== 6) return undefined;
  const bits = Number(prefix ?? PREFIX_BITS[version]);
  return bits <= PREFIX_BITS[version] ? { address, bits, family: `ipv${version}` } : undefined;
}

function holds(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return (version === 4 || version === 6) && list.check(address, `ipv${version}`);
}
