import { z } from 'zod';
import { SECTIONS } from '../../../scripts/configurationDoc';

const ADAPTER = 'WebexConnectAdapter';

const properties = z.object({ properties: z.record(z.string(), z.unknown()) });

/** Options of the adapter that hold others: `inbound`, `outbound`, … */
export const OPTION_GROUPS: readonly string[] = [...namesOf(ADAPTER)]
  .filter((name) => name.includes('.'))
  .map((name) => name.split('.')[0] ?? '')
  .filter((group, index, all) => all.indexOf(group) === index);

/** Every option of every part: `HandoverMiddleware bridge`, `WebexConnectAdapter inbound.maxBacklog`. */
export function knownOptions(): Set<string> {
  return new Set(SECTIONS.flatMap(([title]) => [...namesOf(title)].map((name) => `${title} ${name}`)));
}

function namesOf(title: string): Set<string> {
  const schema = SECTIONS.find(([one]) => one === title)?.[1];
  if (schema === undefined) throw new Error(`${title} has no options.`);
  return new Set(pathsIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), ''));
}

function pathsIn(schema: unknown, prefix: string): string[] {
  const parsed = properties.safeParse(schema);
  if (!parsed.success) return [];
  return Object.entries(parsed.data.properties).flatMap(([name, inner]) => [
    prefix + name,
    ...pathsIn(inner, `${prefix}${name}.`),
  ]);
}
