import { type Check, fail, ok, warn } from './check';

/** What the command runs on. */
export interface Runtime {
  /** `v22.11.0`. */
  readonly nodeVersion: string;
  /** The version of a package that the bot's project has; `undefined` when it has none. */
  versionOf(packageName: string): string | undefined;
}

/** The range of a package that is needed: this major version, from this minor one on. */
interface Needed {
  readonly name: string;
  readonly major: number;
  readonly minor: number;
}

const TESTED_NODES = [20, 22, 24];
const BOTBUILDER: Needed = { name: 'botbuilder', major: 4, minor: 20 };
const PG: Needed = { name: 'pg', major: 8, minor: 11 };

/** Looks at Node and at the packages that a bot needs beside this one. */
export function checkRuntime(runtime: Runtime, ownVersion: string, usesPostgres: boolean): Check[] {
  return [
    checkNode(runtime.nodeVersion),
    ok('package', `botbuilder-adapter-webex-connect ${ownVersion}`),
    checkPackage(BOTBUILDER, runtime.versionOf(BOTBUILDER.name)),
    ...(usesPostgres ? [checkPackage(PG, runtime.versionOf(PG.name))] : []),
  ];
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = numbersOf(version);
  if (major < 20 || (major === 20 && minor < 19)) {
    return fail('node', version, 'run Node 20.19 or later');
  }
  if (TESTED_NODES.includes(major)) return ok('node', version);
  return warn(
    'node',
    `${version}, which this package is not tested with`,
    `run Node ${TESTED_NODES.join(', ')}`,
  );
}

function checkPackage({ name, major, minor }: Needed, version: string | undefined): Check {
  const check = `package.${name}`;
  const fix = `npm install ${name}@^${major}.${minor}.0`;
  if (version === undefined) {
    return fail(check, 'is not installed here', `${fix}, or run this command in your bot's folder`);
  }
  const [hasMajor = 0, hasMinor = 0] = numbersOf(version);
  if (hasMajor === major && hasMinor >= minor) return ok(check, version);
  return fail(check, `${version} does not fit`, fix);
}

function numbersOf(version: string): number[] {
  return version.replace(/^v/, '').split('.').map(Number);
}
