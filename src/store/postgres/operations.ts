import { z } from 'zod';
import { fromRecordJson } from '../recordJson';
import { Batcher } from './batcher';
import type { Database } from './database';
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
/** While one that is full waits for its fsync, the next is worked on. */
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

/** What is to be done, and when: `null` for now by the server's clock. */
export interface Operation {
  readonly clock: number | null;
  /** A part of it that the function takes in a list of its own. */
  readonly messages?: readonly object[];
  /** What else its function reads of it. */
  readonly [field: string]: unknown;
}

/** How a function of the database is called that runs a list of operations. */
export interface OperationFunction {
  readonly name: string;
  /** Whether it takes the operations' messages beside them. */
  readonly takesMessages?: boolean;
}

/** Operations of one kind, run by a function of the database that takes a list of them. */
export class Operations {
  readonly #database: Database;
  readonly #onWorkLeft: () => void;
  readonly #together: Batcher<Operation, OperationOutcome>;
  readonly #alone: Batcher<Operation, OperationOutcome>;

  /**
   * @param together Runs a list of them.
   * @param alone Runs a list of one that cannot be run with others.
   * @param onWorkLeft Told when something was written that another replica may work on.
   */
  constructor(
    database: Database,
    together: OperationFunction,
    alone: OperationFunction,
    onWorkLeft: () => void,
  ) {
    this.#database = database;
    this.#onWorkLeft = onWorkLeft;
    this.#together = this.#batcher(together, MAX_BATCH);
    this.#alone = this.#batcher(alone, 1);
  }

  /** @throws {StoreUnavailableError} when nothing was written, or it is unknown whether it was. */
  run(operation: Operation): Promise<OperationOutcome> {
    return this.#together.submit(operation);
  }

  /**
   * For an operation that takes locks out of the order in which a list is worked through: in a transaction of its own.
   */
  runAlone(operation: Operation): Promise<OperationOutcome> {
    return this.#alone.submit(operation);
  }

  #batcher(runs: OperationFunction, maxBatch: number): Batcher<Operation, OperationOutcome> {
    const { name, takesMessages = false } = runs;
    const places = takesMessages ? '$1, $2, $3' : '$1, $2';
    const statement = { name, text: `SELECT * FROM ${this.#database.schema}.${name}(${places})` };
    return new Batcher({
      maxBatch,
      maxInFlight: MAX_IN_FLIGHT,
      blamesOne: (error: unknown) => error instanceof ContentRefusedError,
      run: async (operations: readonly Operation[]) => {
        const [first] = operations;
        const values = [
          encodeJson(operations.map(({ clock, messages, ...operation }, op) => ({ op, ...operation }))),
          ...(takesMessages ? [encodeJson(operations.flatMap(numberedMessages))] : []),
          first?.clock ?? null,
        ];
        const rows = rowsShape.parse(await this.#database.query(statement, values));
        if (rows.some(({ leavesWork }) => leavesWork)) this.#onWorkLeft();
        return outcomesOf(operations.length, rows);
      },
    });
  }
}

function numberedMessages({ messages = [] }: Operation, op: number): object[] {
  return messages.map((message, n) => ({ op, n, ...message }));
}

type Row = z.output<typeof rowsShape>[number];

function outcomesOf(operations: number, rows: readonly Row[]): OperationOutcome[] {
  const byOperation = Array.from({ length: operations }, (): Row[] => []);
  for (const row of rows) byOperation[row.op]?.push(row);
  return byOperation.map(outcomeOf);
}

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
