import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const lockedPackage = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
});

const packageLock = z.looseObject({ packages: z.record(z.string(), lockedPackage) });

export type LockedPackage = z.infer<typeof lockedPackage>;

/** The packages of the `package-lock.json` in `directory`, by their place: `''` is the project's own. */
export function readLockedPackages(directory: string): Readonly<Record<string, LockedPackage>> {
  return packageLock.parse(JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8'))).packages;
}
