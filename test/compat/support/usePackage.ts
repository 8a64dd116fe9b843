// Preloaded by mocha. Lets the repository's own tests meet the installed package and its botbuilder: what they import
// from `src` comes from its `dist`, which mirrors it file by file.
import Module from 'node:module';
import { join, sep } from 'node:path';
import { createRedirection } from './redirection';

const consumer = process.env.COMPAT_CONSUMER;
if (consumer === undefined)
  throw new Error('COMPAT_CONSUMER has to be the folder with the installed package.');

const root = join(__dirname, '..', '..', '..');
const redirect = createRedirection({ root, consumer });
const original: unknown = Reflect.get(Module, '_resolveFilename');
if (typeof original !== 'function') throw new Error('This Node resolves modules in another way.');

Reflect.set(
  Module,
  '_resolveFilename',
  function (this: unknown, request: string, parent: unknown, ...rest: unknown[]) {
    const resolve = (name: string): string => Reflect.apply(original, this, [name, parent, ...rest]);
    return isOurs(parent) ? redirect(request, resolve) : resolve(request);
  },
);

/** Whether a module of the repository asks, rather than one of a dependency. */
function isOurs(parent: unknown): boolean {
  const file = parent instanceof Module ? parent.filename : undefined;
  return (
    typeof file === 'string' && file.startsWith(root + sep) && !file.includes(`${sep}node_modules${sep}`)
  );
}
