import { type Args, UsageError } from '../args';
import type { CommandContext, OptionSpecs } from '../command';
import { EXIT, type ExitCode } from '../exitCodes';
import { walk } from './listing';

/** Of commands that change several things: those that are named, or all that match. */
export const SELECTION_OPTIONS = {
  all: { type: 'boolean', help: 'all that the other options select, instead of ids' },
  'dry-run': { type: 'boolean', help: 'only tell which' },
} as const satisfies OptionSpecs;

/** For what cannot be taken back. */
export const YES_OPTION = {
  yes: { type: 'boolean', help: 'needed with --all' },
} as const satisfies OptionSpecs;

/** What was selected. */
export interface Selection {
  readonly ids: readonly string[];
  /** Whether each was named, rather than found. */
  readonly wereNamed: boolean;
}

/** How to find all that match. */
export interface Searched<Item> {
  readonly listPage: Parameters<typeof walk<Item>>[0];
  readonly idOf: (item: Item) => string;
  readonly matches: (item: Item) => boolean;
}

/**
 * @param filters The options that narrow down `--all`.
 * @throws {UsageError} when both ids and `--all` are given, or neither.
 */
export async function select<Item>(
  args: Args,
  filters: OptionSpecs,
  { listPage, idOf, matches }: Searched<Item>,
): Promise<Selection> {
  const { positionals } = args;
  if (!args.flag('all')) {
    if (positionals.length === 0) throw new UsageError('Name one or more ids, or give --all.');
    const filter = Object.keys(filters).find((name) => args.has(name));
    if (filter !== undefined) throw new UsageError(`--${filter} goes with --all, not with ids.`);
    return { ids: [...new Set(positionals)], wereNamed: true };
  }
  if (positionals.length > 0) throw new UsageError('Give ids or --all, not both.');
  const ids: string[] = [];
  // First all of them, then the changes: a list that is changed while it is walked through begins anew.
  for await (const item of walk(listPage, idOf)) if (matches(item)) ids.push(idOf(item));
  return { ids, wereNamed: false };
}

/** @throws {UsageError} when all are to be forgotten and nobody has said that this is meant. */
export function mustBeMeant(args: Args): void {
  if (!args.flag('all') || args.flag('yes') || args.flag('dry-run')) return;
  throw new UsageError('What is discarded is gone for good. Look with --dry-run, then give --yes.');
}

/** Tells what would be changed. */
export function tellSelection({ out }: CommandContext, { ids }: Selection, done: string): ExitCode {
  if (out.isJson) {
    out.json({ wouldBe: done, ids });
    return EXIT.ok;
  }
  out.line(`${ids.length} would be ${done}${ids.length === 0 ? '.' : ':'}`);
  for (const id of ids) out.line(`  ${id}`);
  return EXIT.ok;
}
