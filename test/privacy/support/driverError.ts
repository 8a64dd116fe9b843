import { SECRETS, WORDS } from './canaries';

/** What a careless driver throws: statement, values and connection are all in it. */
export class DriverError extends Error {
  readonly code = '23514';
  readonly detail = `Failing row contains (${WORDS.text}, ${WORDS.phone}).`;
  readonly where = `unnamed portal with parameters: $1 = '${WORDS.text}'`;
  readonly parameters = [WORDS.text];
  readonly connection = { password: SECRETS.databasePassword };

  constructor() {
    super(`new row violates a check: (${WORDS.text}, ${WORDS.name})`, {
      cause: new Error(`connecting with ${SECRETS.databasePassword}`),
    });
  }
}
