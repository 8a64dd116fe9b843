import { startEmbeddedPostgres } from '../support/embeddedPostgres';

/** A process of its own around PostgreSQL: removes it, and what it has stored, when its parent is gone. */
async function main(): Promise<void> {
  const orphaned = new Promise<void>((resolve) => process.once('disconnect', resolve));
  const server = await startEmbeddedPostgres();
  process.send?.({ url: server.url });
  await orphaned;
  await server.remove();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
