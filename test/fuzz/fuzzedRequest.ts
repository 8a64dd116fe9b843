import { Readable } from 'node:stream';
import type { WebexConnectRequest } from '../../src';
import { Dice } from './dice';
import { anyJson, WAYS } from './mutations';

/** A body, and one of the ways in which frameworks hand bodies over. */
export interface FuzzedRequest {
  /** How the body was made, and how it is handed over. */
  readonly kind: string;
  readonly body: Buffer;
  readonly request: WebexConnectRequest;
  /** Whether the caller goes away in the middle: there is nobody to answer. */
  readonly isAborted: boolean;
}

/** The request of this number in a run with this seed. */
export function fuzzedRequest(seed: number, number: number): FuzzedRequest {
  const dice = new Dice(seed, number);
  const [way, { make }] = dice.weigh(WAYS);
  const body = Buffer.from(make(dice));
  const headers = anyHeaders(dice);
  const base = { method: 'POST', headers };
  const asStream = (isAborted: boolean) => Object.assign(inPieces(body, isAborted, dice), base);
  const isAborted = dice.chance(0.01);
  if (isAborted) return { kind: `${way}, aborted`, body, request: asStream(true), isAborted };
  const [handing, { hand }] = dice.weigh<{
    readonly weight: number;
    readonly hand: () => WebexConnectRequest;
  }>({
    text: { weight: 40, hand: () => ({ ...base, body: body.toString('utf8') }) },
    bytes: { weight: 20, hand: () => ({ ...base, body }) },
    rawBody: { weight: 10, hand: () => ({ ...base, rawBody: body, body: {} }) },
    stream: { weight: 15, hand: () => asStream(false) },
    parsed: { weight: 15, hand: () => ({ ...base, body: parsed(body, dice) }) },
  });
  return { kind: `${way}, ${handing}`, body, request: hand(), isAborted };
}

/** What a body parser makes of it. */
function parsed(body: Buffer, dice: Dice): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return anyJson(dice, 3);
  }
}

function inPieces(body: Buffer, isAborted: boolean, dice: Dice): Readable {
  const pieces: Buffer[] = [];
  for (let from = 0; from < body.length; ) {
    const to = from + 1 + dice.below(dice.chance(0.1) ? 10 : 70_000);
    pieces.push(body.subarray(from, to));
    from = to;
  }
  const end = isAborted ? dice.below(pieces.length + 1) : pieces.length;
  return new Readable({
    read() {
      const piece = pieces.shift();
      if (isAborted && pieces.length <= end) this.destroy();
      else this.push(piece ?? null);
    },
  });
}

function anyHeaders(dice: Dice): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (dice.chance(0.9)) return headers;
  const name = dice.pick([
    'content-type',
    'content-encoding',
    'x-hub-signature',
    'authorization',
    '__proto__',
    'expect',
  ]);
  const value = dice.pick([
    '',
    'application/x-www-form-urlencoded',
    'gzip',
    'Bearer x',
    'sha256=00',
    '\u00ff',
    'text/plain',
  ]);
  return Object.fromEntries([...Object.entries(headers), [name, value]]);
}
