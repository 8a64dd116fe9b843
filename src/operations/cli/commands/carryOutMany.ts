import type { OperatorCommand } from '../../../store/operatorCommands';
import type { CommandContext } from '../command';
import type { ExitCode } from '../exitCodes';
import type { OperatorStore } from '../store/operatorStore';
import { exitCodeOf, notAsked, type Result, toResult } from './outcomes';
import { waitMsOf } from './waiting';

/** Asked for at once: one transaction each way, and a step of the progress. */
const HANDFUL = 200;

/** What is to be done to several things of a kind. */
export interface Undertaking {
  readonly ids: readonly string[];
  readonly commandFor: (id: string) => OperatorCommand;
  /** `replayed`, `discarded`. */
  readonly done: string;
  /** One and several of them: `dead letter`, `dead letters`. */
  readonly things: readonly [one: string, several: string];
  /** How to see what there is: `dead-letters list`. */
  readonly list: string;
  /** Whether somebody has named each. */
  readonly wereNamed: boolean;
}

/** Does something to several things, says how far it is, and tells what became of each. */
export async function carryOutMany(
  { args, out, signal }: CommandContext,
  store: OperatorStore,
  undertaking: Undertaking,
): Promise<ExitCode> {
  const { ids, commandFor, done, things, list, wereNamed } = undertaking;
  const terms = { waitMs: waitMsOf(args), signal };
  const results: Result[] = [];
  for (let begin = 0; begin < ids.length && !signal.aborted; begin += HANDFUL) {
    const handful = ids.slice(begin, begin + HANDFUL);
    const outcomes = await store.carryOut(handful.map(commandFor), terms);
    results.push(...outcomes.map((outcome, index) => toResult(handful[index] ?? '', outcome, list)));
    out.progress(`${results.length} of ${ids.length} ${things[1]} …`);
    // Nobody answers: the others would wait as long.
    if (outcomes.some(({ status }) => status === 'withdrawn')) break;
  }
  const all = [...results, ...ids.slice(results.length).map(notAsked)];
  if (out.isJson) out.json({ results: all });
  else tell(out, all, done, things);
  return exitCodeOf(all, wereNamed);
}

function tell(
  out: CommandContext['out'],
  results: readonly Result[],
  done: string,
  [one, several]: Undertaking['things'],
): void {
  const count = results.filter(({ outcome }) => outcome === 'done').length;
  const failed = results.filter(({ outcome }) => outcome !== 'done');
  out.line(`${count} ${count === 1 ? one : several} ${done}.`);
  if (failed.length === 0) return;
  out.line({ text: `${failed.length} not done:`, tone: 'warning' });
  out.table(
    ['ID', 'OUTCOME', 'WHY'],
    failed.map(({ id, outcome, message }) => [id, outcome, message]),
  );
}
