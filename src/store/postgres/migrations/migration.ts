/** One step of the schema. Never changed once released: a later step changes what an earlier one has made. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  /** @param schema The schema's name, quoted. */
  readonly sql: (schema: string) => string;
}
