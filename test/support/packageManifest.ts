import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const names = z.record(z.string(), z.string()).default({});

const packageManifest = z.object({
  name: z.string(),
  version: z.string(),
  scripts: names,
  /** Commands, each by its file. */
  bin: names,
  dependencies: names,
  peerDependencies: names,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean() })).default({}),
});

export type PackageManifest = z.infer<typeof packageManifest>;

/** The `package.json` in `directory`. */
export function readPackageManifest(directory: string): PackageManifest {
  return packageManifest.parse(JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')));
}
