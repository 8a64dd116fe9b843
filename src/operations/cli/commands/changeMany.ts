import type { OperatorCommand } from '../../../store/operatorCommands';
import type { StoreReading } from '../../../store/storeView';
import type { CommandContext, OptionSpecs } from '../command';
import type { ExitCode } from '../exitCodes';
import { carryOutMany, type Undertaking } from './carryOutMany';
import { mustBeMeant, type Searched, select, tellSelection } from './selection';

/** What may be done to things of a kind that a store lists, by those who type a command. */
export interface ChangeableKind<Item extends { readonly id: string }>
  extends Pick<Undertaking, 'things' | 'list'> {
  /** The options that narrow down `--all`. */
  readonly filters: OptionSpecs;
  readonly listPage: (
    reading: StoreReading,
    page: Parameters<Searched<Item>['listPage']>[0],
  ) => Promise<readonly Item[]>;
  /** Reads those options. */
  readonly filterOf: (args: CommandContext['args'], now: number) => Searched<Item>['matches'];
}

/** One change of them. */
export interface Change extends Pick<Undertaking, 'done'> {
  readonly kind: Extract<OperatorCommand, { id: string }>['kind'];
  /** Whether it cannot be taken back. */
  readonly isFinal: boolean;
}

/**
 * Does one thing to all that the command line names or selects, or only tells to which.
 *
 * @throws {UsageError} when it is not clear to which, or whether that is meant.
 */
export async function changeMany<Item extends { readonly id: string }>(
  context: CommandContext,
  { filters, listPage, filterOf, things, list }: ChangeableKind<Item>,
  { kind, done, isFinal }: Change,
): Promise<ExitCode> {
  const { args, clock, openStore } = context;
  const matches = filterOf(args, clock.now());
  if (isFinal) mustBeMeant(args);
  const store = await openStore();
  const { reading } = store.view;
  const selection = await select<Item>(args, filters, {
    listPage: (page) => listPage(reading, page),
    idOf: ({ id }) => id,
    matches,
  });
  if (args.flag('dry-run')) return tellSelection(context, selection, done);
  return carryOutMany(context, store, {
    ...selection,
    commandFor: (id) => ({ kind, id }),
    done,
    things,
    list,
  });
}
