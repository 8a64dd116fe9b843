import { join } from 'node:path';

/** What users import, as it was built. */
export interface EntryPoint {
  /** Of its report, `api/<name>.api.md`. */
  readonly name: string;
  /** Where the package is developed. */
  readonly project: string;
  readonly declarations: string;
  /**
   * The entry point that exports what this one only mentions: who passes a store to the adapter has both, and one name
   * shall not come from two places.
   */
  readonly beside?: EntryPoint;
}

const root = join(__dirname, '..', '..');
const emulator = join(root, 'emulator');

const adapter: EntryPoint = {
  name: 'botbuilder-adapter-webex-connect',
  project: root,
  declarations: join(root, 'dist', 'index.d.ts'),
};

function besideAdapter(name: string, ...path: string[]): EntryPoint {
  return {
    name: `${adapter.name}.${name}`,
    project: root,
    declarations: join(root, 'dist', ...path),
    beside: adapter,
  };
}

export const ENTRY_POINTS: readonly EntryPoint[] = [
  adapter,
  besideAdapter('sqlite', 'sqlite.d.ts'),
  besideAdapter('postgres', 'postgres.d.ts'),
  besideAdapter('testing', 'testing', 'index.d.ts'),
  {
    name: 'webex-connect-emulator',
    project: emulator,
    declarations: join(emulator, 'dist', 'index.d.ts'),
  },
];
