import type { IncomingMessage } from 'node:http';

/** What a proxy or a tunnel adds to a request of somebody else. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];
const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/;

/** Whether a request comes from this machine and through no proxy. */
export function isLocal({ headers, socket }: IncomingMessage): boolean {
  if (FORWARDING_HEADERS.some((name) => headers[name] !== undefined)) return false;
  return LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '');
}
