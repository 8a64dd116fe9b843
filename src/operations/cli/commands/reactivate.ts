import { WEBHOOK_DESTINATION } from '../../../delivery/destinations';
import type { Command, CommandContext } from '../command';
import type { ExitCode } from '../exitCodes';
import { exitCodeOf, toResult, withReason } from './outcomes';
import { WAITING_OPTIONS, waitMsOf } from './waiting';

/** Takes a destination for healthy again. */
export const reactivateCommand: Command = {
  name: 'reactivate',
  summary: 'takes the webhook or a bridge for healthy again',
  details:
    'All that waits for it is sent, in order. Without a name, the webhook. A bridge is called by the name of its\n' +
    'destination; see status.',
  positionals: { help: '[destination]', least: 0, most: 1 },
  options: WAITING_OPTIONS,
  run: reactivate,
};

async function reactivate({ args, out, signal, openStore }: CommandContext): Promise<ExitCode> {
  const destination = args.positionals[0] ?? WEBHOOK_DESTINATION;
  const store = await openStore();
  const terms = { waitMs: waitMsOf(args), signal };
  const [outcome = { status: 'withdrawn' } as const] = await store.carryOut(
    [{ kind: 'reactivate', destination }],
    terms,
  );
  const result = withReason(toResult(destination, outcome, 'status'), outcome);
  if (out.isJson) out.json({ results: [result] });
  else if (result.outcome === 'done') out.line(`'${destination}' is active again.`);
  else out.note(result.message);
  return exitCodeOf([result], true);
}
