import type { DestinationHealth, StoreStats } from '../store/deliveryStore';

/** How the adapter is. */
export interface AdapterHealth {
  /** `pass`: all is well. `warn`: somebody should look. `fail`: events cannot be stored. */
  readonly status: 'pass' | 'warn' | 'fail';
  /** Why it is not `pass`, in words. */
  readonly reasons: readonly string[];
  /** The webhook that the bot's messages go to. */
  readonly webhook: DestinationHealth;
  /** The contact centres' own endpoints, by the names of their destinations. */
  readonly bridges: Readonly<Record<string, DestinationHealth>>;
  /** How Webex Connect sees this bot: its failures in a row, of five. */
  readonly platformFailures: number;
  /** `undefined` when the store does not answer. */
  readonly store: StoreStats | undefined;
}

/** Sums up what is known. Pure. */
export function judgeHealth(
  facts: Omit<AdapterHealth, 'status' | 'reasons'>,
  advice: string | undefined,
): AdapterHealth {
  const warnings = [
    advice,
    inactivityOf('the webhook', facts.webhook),
    ...Object.entries(facts.bridges).map(([name, health]) => inactivityOf(`the bridge '${name}'`, health)),
    countOf(facts.store?.deadLetters, 'dead letters'),
    countOf(facts.store?.quarantined, 'items in quarantine'),
  ].filter((reason) => reason !== undefined);
  if (facts.store === undefined) {
    return { ...facts, status: 'fail', reasons: ['the store does not answer', ...warnings] };
  }
  return { ...facts, status: warnings.length > 0 ? 'warn' : 'pass', reasons: warnings };
}

function inactivityOf(what: string, health: DestinationHealth): string | undefined {
  return health.status === 'inactive' ? `${what} is inactive: ${health.reason}` : undefined;
}

function countOf(count: number | undefined, what: string): string | undefined {
  return count === undefined || count === 0 ? undefined : `${count} ${what}`;
}
