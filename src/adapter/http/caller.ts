import type { IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { type PeerCertificate, TLSSocket } from 'node:tls';
import type { WebexConnectRequest } from './httpTypes';

/** Who makes a request, as `authentication.isAllowed` sees it. */
export interface Caller {
  /**
   * The address at the other end of the connection: behind a proxy, the proxy's. An IPv4 address is written as one
   * also where the server listens on IPv6. `undefined` when it is not known, or the caller has gone.
   */
  readonly remoteAddress: string | undefined;
  /**
   * The certificate that the caller has shown, only when Node has verified it against the server's `ca` (options
   * `requestCert` and `ca` of `https.createServer`).
   */
  readonly clientCertificate: PeerCertificate | undefined;
  /** As they came: anybody can write anything into them. */
  readonly headers: Readonly<IncomingHttpHeaders>;
}

/** An IPv4 address as a socket that listens on IPv6 shows it. */
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Who makes the request. */
export function callerOf({ headers, socket }: WebexConnectRequest): Caller {
  return {
    remoteAddress: socket instanceof Socket ? plainAddress(socket.remoteAddress) : undefined,
    clientCertificate: socket instanceof TLSSocket ? verifiedCertificate(socket) : undefined,
    headers,
  };
}

/** An IPv4 address that is written as an IPv6 one, as IPv4. */
export function plainAddress(address: string | undefined): string | undefined {
  return address?.replace(MAPPED_IPV4, '$1');
}

/** A certificate that nobody vouches for must not be taken for one by a hook that looks at its name alone. */
function verifiedCertificate(socket: TLSSocket): PeerCertificate | undefined {
  if (!socket.authorized) return undefined;
  const certificate = socket.getPeerCertificate();
  return Object.keys(certificate).length === 0 ? undefined : certificate;
}
