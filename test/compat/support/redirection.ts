import { createRequire } from 'node:module';
import { join, sep } from 'node:path';

export interface Redirection {
  /** Where the repository is. */
  readonly root: string;
  /** Where its packages are installed. */
  readonly consumer: string;
}

/** What a bot chooses the version of; one copy is shared by the tests and the package. */
const PEERS = /^((botbuilder|botframework)(-.+)?|nock|pg)$/;

/**
 * Finds a module that a test of the repository asks for, with `resolve` as Node's own way: sources are answered with what
 * was built of them and installed, peers with those that are installed beside it.
 */
export function createRedirection({ root, consumer }: Redirection) {
  const installedPeer = createRequire(join(consumer, 'package.json'));
  const installed = (name: string) => join(consumer, 'node_modules', name);
  const places: readonly [string, string][] = [
    [join(root, 'src') + sep, join(installed('botbuilder-adapter-webex-connect'), 'dist') + sep],
    [join(root, 'emulator', 'src') + sep, join(installed('webex-connect-emulator'), 'dist') + sep],
  ];
  return (request: string, resolve: (name: string) => string): string => {
    if (PEERS.test(request)) return installedPeer.resolve(request);
    const path = resolve(request);
    const place = places.find(([sources]) => path.startsWith(sources));
    if (place === undefined) return path;
    const [sources, built] = place;
    return built + path.slice(sources.length).replace(/\.ts$/, '.js');
  };
}
