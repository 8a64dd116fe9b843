import { WEBHOOK_DESTINATION } from '../../../delivery/destinations';
import type { Command, CommandContext } from '../command';
import type { ExitCode } from '../exitCodes';
import { exitCodeOf, toResult } from './outcomes';
import { WAITING_OPTIONS, waitMsOf } from './waiting';

/** Takes a destination for healthy again. */
export const reactivateCommand: Command = {
  name: 'reactivate',
  summary: 'takes a destination for healthy again, so that all that waits for it is sent in order',
  details: `Without a name, the webhook. A bridge is called by the name of its destination; see status.`,
  positionals: { help: '[destination]', least: 0, most: 1 },
  options: WAITING_OPTIONS,
  run: reactivate,
};

async function reactivate({ args, out, signal, openStore }: CommandContext): Promise<ExitCode> {
  const destination = args.positionals[0] ?? WEBHOOK_DESTINATION;
  const store = await openStore();
  const terms = { waitMs: waitMsOf(args), signal };
  const [outcome] = await store.carryOut([{ kind: 'reactivate', destination }], terms);
  const result = toResult(destination, outcome ?? { status: 'withdrawn' }, 'status');
  if (out.isJson) out.json({ results: [result] });
  else if (result.outcome === 'done') out.line(`'${destination}' is active again.`);
  else out.note(`'${destination}': ${result.message}.`);
  return exitCodeOf([result], true);
}
