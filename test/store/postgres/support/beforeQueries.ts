import { Database } from '../../../../src/store/postgres/database';

/**
 * Does `work`, and has `look` come before each query that anybody sends meanwhile, but for those that tell other
 * replicas: nobody waits for them.
 */
export async function beforeQueries(
  look: (statement: string) => void | Promise<void>,
  work: () => Promise<unknown>,
): Promise<void> {
  const { query } = Database.prototype;
  Database.prototype.query = new Proxy(query, {
    async apply(target, database, parameters: unknown[]) {
      const statement = JSON.stringify(parameters[0]);
      if (!statement.includes('pg_notify')) await look(statement);
      return Reflect.apply(target, database, parameters);
    },
  });
  try {
    await work();
  } finally {
    Database.prototype.query = query;
  }
}
