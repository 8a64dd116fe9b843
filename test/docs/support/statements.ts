import { Client } from 'pg';

/** @throws {Error} when PostgreSQL does not understand a statement, on a bot's own tables. */
export async function checkStatement(statement: string, connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(`PREPARE shown AS ${statement}`);
  } finally {
    await client.end();
  }
}
