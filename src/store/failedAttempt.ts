import type { ClaimedSend, ClaimedTurn, SendSettlement, TurnSettlement } from './deliveryStore';

/** So many failed attempts are kept of one event or message, the latest. */
export const ATTEMPTS_KEPT = 50;

/** A run of a turn that came to nothing, as it is written down when it is settled. */
export interface FailedTurn {
  readonly attempt: number;
  readonly at: number;
  readonly outcome: 'failed' | 'quarantined';
  readonly reason: string;
}

/** An attempt to send that came to nothing. */
export interface FailedSend {
  readonly attempt: number;
  readonly at: number;
  readonly outcome: 'failed' | 'held' | 'dead';
  readonly reason: string;
  readonly isAmbiguous: boolean;
}

/** What a settlement says against its turn; `undefined` when it says nothing. */
export function failedTurn({ attempt }: ClaimedTurn, settlement: TurnSettlement): FailedTurn | undefined {
  switch (settlement.kind) {
    case 'retry':
      return { attempt, at: settlement.at, outcome: 'failed', reason: settlement.cause };
    case 'quarantined':
      return { attempt, at: settlement.at, outcome: 'quarantined', reason: settlement.cause };
    case 'completed':
    case 'released':
    case 'held':
      return undefined;
  }
}

/** What a settlement says against its send; `undefined` when it says nothing. */
export function failedSend({ attempt }: ClaimedSend, settlement: SendSettlement): FailedSend | undefined {
  switch (settlement.kind) {
    case 'retry':
    case 'held': {
      const { kind, at, error, isAmbiguous } = settlement;
      return { attempt, at, outcome: kind === 'retry' ? 'failed' : kind, reason: error, isAmbiguous };
    }
    case 'dead': {
      const { kind, at, reason, isAmbiguous } = settlement;
      return { attempt, at, outcome: kind, reason, isAmbiguous };
    }
    case 'delivered':
    case 'released':
      return undefined;
  }
}
