import { join } from 'node:path';

/**
 * The package as users get it: what is compiled while it runs is slower, and not by the same for all that is measured.
 * A test of the benchmark itself takes the sources.
 */
const PACKAGE = join(__dirname, '../..', process.env.BENCH_PACKAGE === 'src' ? 'src' : 'dist');

/** What is measured. */
export const built: {
  readonly index: typeof import('../../src');
  readonly sqlite: typeof import('../../src/sqlite');
  readonly postgres: typeof import('../../src/postgres');
} = {
  index: require(PACKAGE),
  sqlite: require(join(PACKAGE, 'sqlite')),
  postgres: require(join(PACKAGE, 'postgres')),
};
