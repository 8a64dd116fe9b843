import { z } from 'zod';

/** One combination of what a bot of our users runs on. */
export interface Cell {
  /** A version or a range of Node, as npm knows it. */
  readonly node: string;
  readonly botbuilder: Botbuilder;
}

export interface Botbuilder {
  readonly name: 'oldest' | 'newest';
  /** A version or a range, as npm knows it. */
  readonly version: string;
}

/** Lines of Node that are tested besides the oldest version that `engines` allows. */
const NODE_LINES = ['22', '24'];

const manifest = z.object({
  engines: z.object({ node: z.string() }),
  peerDependencies: z.object({ botbuilder: z.string() }),
});

/**
 * Every Node with the oldest and the newest botbuilder that our `package.json` allows.
 *
 * @throws {Error} when it allows them in another way than `>=20.19` and `^4.20.0`.
 */
export function compatibilityMatrix(packageJson: unknown): Cell[] {
  const { engines, peerDependencies } = manifest.parse(packageJson);
  const nodes = [oldestOf(engines.node, '>='), ...NODE_LINES];
  const botbuilders: Botbuilder[] = [
    { name: 'oldest', version: oldestOf(peerDependencies.botbuilder, '^') },
    { name: 'newest', version: peerDependencies.botbuilder },
  ];
  return botbuilders.flatMap((botbuilder) => nodes.map((node) => ({ node, botbuilder })));
}

/** `>=20.19` begins with 20.19.0. */
function oldestOf(range: string, operator: '>=' | '^'): string {
  const numbers = range.startsWith(operator) ? range.slice(operator.length).split('.') : [];
  if (numbers.length < 2 || numbers.length > 3 || !numbers.every((part) => /^\d+$/.test(part)))
    throw new Error(`Cannot tell the oldest version of '${range}': write it as '${operator}1.2.3'.`);
  return [...numbers, '0'].slice(0, 3).join('.');
}
