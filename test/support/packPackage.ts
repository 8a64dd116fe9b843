import { join } from 'node:path';
import { z } from 'zod';
import { runProgram } from './runProgram';

const packReport = z.tuple([
  z.object({
    filename: z.string(),
    integrity: z.string(),
    files: z.array(z.object({ path: z.string() })),
  }),
]);

/** What `npm publish` would upload. */
export interface PackedPackage {
  readonly tarball: string;
  readonly integrity: string;
  /** Paths inside of the package. */
  readonly files: readonly string[];
}

/** Builds the package in `root` and packs it into the folder `destination`. */
export async function packPackage(root: string, destination: string): Promise<PackedPackage> {
  await runProgram(root, 'npm', ['run', 'build']);
  return packBuilt(root, destination);
}

/** Packs what was built of the package in `root` into the folder `destination`. */
export async function packBuilt(root: string, destination: string): Promise<PackedPackage> {
  const report = await runProgram(root, 'npm', ['pack', '--json', '--pack-destination', destination]);
  const [{ filename, integrity, files }] = packReport.parse(JSON.parse(report));
  return { tarball: join(destination, filename), integrity, files: files.map(({ path }) => path) };
}
