import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Runtime } from './doctor/checkRuntime';

/** This process, and the packages of the project that it was started in. */
export const ownRuntime: Runtime = {
  nodeVersion: process.version,
  versionOf(packageName) {
    try {
      const manifest = require.resolve(`${packageName}/package.json`, { paths: [process.cwd(), __dirname] });
      return z.looseObject({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8'))).version;
    } catch {
      return undefined;
    }
  },
};
