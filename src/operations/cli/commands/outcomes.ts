import { EXIT, type ExitCode } from '../exitCodes';
import type { Outcome } from '../store/operatorStore';

/** What became of one thing that was to be changed, in words of its own. */
export interface Result {
  readonly id: string;
  readonly outcome: 'done' | 'gone' | 'notAsked' | Outcome['status'];
  /** Why it was not done; empty when it was. */
  readonly message: string;
}

const NOT_FOUND = 'WEBEX_CONNECT_NOT_FOUND';
/** Nobody was there to do it. */
const UNAVAILABLE = ['withdrawn', 'unanswered', 'noBot', 'notAsked'] as const;

/** @param list How to see what there is: `dead-letters list`. */
export function toResult(id: string, outcome: Outcome, list: string): Result {
  switch (outcome.status) {
    case 'done':
      return { id, outcome: 'done', message: '' };
    case 'refused':
      if (outcome.code !== NOT_FOUND) return { id, outcome: 'refused', message: outcome.message };
      return { id, outcome: 'gone', message: `is not there (any more); see webex-connect-bot ${list}` };
    case 'withdrawn':
      return {
        id,
        outcome: 'withdrawn',
        message: 'no bot took it in time, so it was taken back: nothing was changed',
      };
    case 'unanswered':
      return {
        id,
        outcome: 'unanswered',
        message:
          'a bot took it and has not answered: look again whether it was done; asking once more does no harm',
      };
    case 'noBot':
      return {
        id,
        outcome: 'noBot',
        message: 'only a running bot can do it, and none runs on the store: start it first',
      };
  }
}

/** What was left, because nobody answered what came before it, or at Ctrl-C. */
export function notAsked(id: string): Result {
  return { id, outcome: 'notAsked', message: 'was not asked for any more: nothing was changed' };
}

/** The same, with the words of whoever has refused it: they say which of several things is not there. */
export function withReason(result: Result, outcome: Outcome): Result {
  return outcome.status === 'refused' ? { ...result, message: outcome.message } : result;
}

/**
 * The exit code of several results: the worst.
 *
 * @param wereNamed Whether somebody has named what is gone; what was only found before may be gone by now.
 */
export function exitCodeOf(results: readonly Result[], wereNamed: boolean): ExitCode {
  const outcomes = new Set(results.map(({ outcome }) => outcome));
  if (UNAVAILABLE.some((outcome) => outcomes.has(outcome))) return EXIT.unavailable;
  if (wereNamed && outcomes.has('gone')) return EXIT.notFound;
  return outcomes.has('refused') ? EXIT.wrong : EXIT.ok;
}
