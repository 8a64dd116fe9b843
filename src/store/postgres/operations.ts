import { z } from 'zod';
import { fromRecordJson } from '../recordJson';
import { Batcher } from './batcher';
import type { Database, Statement } from './database';
import { ContentRefusedError, messageOf } from './databaseErrors';
import type { KnownConversation } from './knownConversation';
import { encodeJson } from './textCodec';

/** What the database answers to one operation of a list. */
export interface OperationOutcome {
  readonly status: string;
  /** The heads that were claimed, as JSON. */
  readonly claims: readonly unknown[];
  /** What waited in the inbox, where it was counted. */
  readonly backlog: number | undefined;
  /** What the operation's step must see first: nothing was written then. */
  readonly known: KnownConversation | undefined;
  /** Why a transcript could not be written; all else was. */
  readonly transcriptError: string | undefined;
}

/** What an operation answers of a transcript that could not be written. */
export function faultOf({ transcriptError }: OperationOutcome): { readonly transcriptError?: string } {
  return transcriptError === undefined ? {} : { transcriptError };
}

const MAX_BATCH = 64;
/** Two: while one waits for its fsync, the other is worked on. */
const MAX_IN_FLIGHT = 2;

const rowsShape = z.array(
  z.object({
    op: z.number(),
    status: z.string(),
    claim: z.unknown(),
    leavesWork: z.boolean(),
    backlog: z.number().nullish(),
    known: z
      .object({
        version: z.number(),
        record: z
          .string()
          .nullable()
          .transform((json) => (json === null ? undefined : fromRecordJson(json))),
      })
      .nullish(),
    transcriptError: z.string().nullish(),
  }),
);

/** Operations of one kind, run by a function of the database that takes a list of them. */
export class Operations {
  readonly #together: Batcher<object, OperationOutcome>;
  readonly #alone: Batcher<object, OperationOutcome>;

  /**
   * @param statement Calls the function with the list, which is JSON, as its one parameter.
   * @param onWorkLeft Told when something was written that another replica may work on.
   */
  constructor(database: Database, statement: Statement, onWorkLeft: () => void) {
    const batch = {
      blamesOne: (error: unknown) => error instanceof ContentRefusedError,
      run: async (operations: readonly object[]) => {
        const list = encodeJson(operations.map((operation, op) => ({ op, ...operation })));
        const rows = rowsShape.parse(await database.query(statement, [list]));
        if (rows.some(({ leavesWork }) => leavesWork)) onWorkLeft();
        return operations.map((_, op) => outcomeOf(rows.filter((row) => row.op === op)));
      },
    };
    this.#together = new Batcher({ ...batch, maxBatch: MAX_BATCH, maxInFlight: MAX_IN_FLIGHT });
    this.#alone = new Batcher({ ...batch, maxBatch: 1, maxInFlight: MAX_IN_FLIGHT });
  }

  /** @throws {StoreUnavailableError} when nothing was written, or it is unknown whether it was. */
  run(operation: object): Promise<OperationOutcome> {
    return this.#together.submit(operation);
  }

  /**
   * For an operation that takes locks out of the order in which a list is worked through: in a transaction of its own.
   */
  runAlone(operation: object): Promise<OperationOutcome> {
    return this.#alone.submit(operation);
  }
}

type Row = z.output<typeof rowsShape>[number];

function outcomeOf(rows: readonly Row[]): OperationOutcome {
  const last = rows.filter(({ status }) => status !== 'transcript').at(-1);
  const code = rows.find(({ transcriptError }) => transcriptError != null)?.transcriptError ?? undefined;
  return {
    status: last?.status ?? 'missing',
    claims: rows.flatMap(({ claim }) => (claim === null ? [] : [claim])),
    backlog: last?.backlog ?? undefined,
    known: last?.known ?? undefined,
    transcriptError: code === undefined ? undefined : messageOf(code),
  };
}
