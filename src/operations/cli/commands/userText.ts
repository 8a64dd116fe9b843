import type { StoreUser } from '../../../store/operatorCommands';
import { durationText } from '../output/times';

/** A process that works on a store, for people. @param now Milliseconds since the epoch. */
export function userText({ role, host, pid, since }: StoreUser, now: number): string {
  const what = role === 'bot' ? 'a bot' : "an operator's command";
  const where = pid === undefined ? '' : `, process ${pid}${host === undefined ? '' : ` on ${host}`}`;
  return `${what}${where}${since === undefined ? '' : `, for ${durationText(now - since)}`}`;
}
