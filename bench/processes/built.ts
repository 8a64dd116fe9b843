import { join } from 'node:path';

const DIST = join(__dirname, '../../dist');

/** The package as users get it: what is compiled while it runs is slower, and not by the same for all that is measured. */
export const built: {
  readonly index: typeof import('../../src');
  readonly sqlite: typeof import('../../src/sqlite');
  readonly postgres: typeof import('../../src/postgres');
} = {
  index: require(DIST),
  sqlite: require(join(DIST, 'sqlite')),
  postgres: require(join(DIST, 'postgres')),
};
