import { homedir } from 'node:os';

/** Whether a text holds an absolute path below the repository, at `root`, or below the home folder. */
export function namesThisMachine(text: string, root: string): boolean {
  return [root, homedir()]
    .filter((path) => path !== '/')
    .map((path) => path.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .some((path) => new RegExp(`(?<![\\w.])${path}[/\\\\]`).test(text));
}
