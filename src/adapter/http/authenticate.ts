import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { headerOf, type WebexConnectRequest } from './httpTypes';

/** What a caller has to prove. With neither, as is documented for the platform OTHERS, everybody may call. */
export interface AuthenticationSettings {
  readonly accessToken?: readonly string[] | undefined;
  readonly accessTokenHeaders: readonly string[];
  readonly signatureSecret?: readonly string[] | undefined;
  readonly signatureHeader: string;
}

const ALGORITHMS_BY_HEX_LENGTH = new Map([
  [64, 'sha256'],
  [128, 'sha512'],
]);

/** Whether the request carries one of the access tokens, or none is asked for. */
export function hasAccessToken(request: WebexConnectRequest, settings: AuthenticationSettings): boolean {
  const { accessToken } = settings;
  if (accessToken === undefined) return true;
  const candidates = settings.accessTokenHeaders.flatMap((name) => {
    const value = headerOf(request, name);
    return value === undefined ? [] : [value.replace(/^Bearer +/i, '').trim()];
  });
  return candidates.some((candidate) => matchesAny(candidate, accessToken));
}

/**
 * Whether the body is signed with one of the secrets, or no signature is asked for. SHA-256 or SHA-512 in hex,
 * with or without a prefix such as `sha256=`.
 *
 * @param bytes The body as it came; a re-serialised one never matches.
 */
export function hasSignature(
  request: WebexConnectRequest,
  bytes: Buffer | undefined,
  settings: AuthenticationSettings,
): boolean {
  const { signatureSecret } = settings;
  if (signatureSecret === undefined) return true;
  const sent = headerOf(request, settings.signatureHeader)?.trim();
  const match = /^(?:(sha256|sha512)=)?([0-9a-f]+)$/i.exec(sent ?? '');
  if (bytes === undefined || match === null) return false;
  const [, named, hex = ''] = match;
  const algorithm = ALGORITHMS_BY_HEX_LENGTH.get(hex.length);
  if (algorithm === undefined || (named !== undefined && named.toLowerCase() !== algorithm)) return false;
  const expected = signatureSecret.map((secret) => createHmac(algorithm, secret).update(bytes).digest('hex'));
  return matchesAny(hex.toLowerCase(), expected);
}

/** Compares with every secret, each in constant time, so that the time taken tells nothing. */
function matchesAny(candidate: string, secrets: readonly string[]): boolean {
  const digest = sha256(candidate);
  return secrets.map((secret) => timingSafeEqual(digest, sha256(secret))).includes(true);
}

/** Digests have one length, which `timingSafeEqual` needs and which hides the secret's. */
function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
