import { z } from 'zod';
import { optionsSchema } from '../src/adapter/options';
import { httpCcspBridgeOptionsSchema } from '../src/ccsp/httpCcspBridgeOptions';
import { webexConnectBridgeOptionsSchema } from '../src/ccsp/webexConnectBridge';
import { agentMirrorOptionsSchema } from '../src/middleware/agentMirrorMiddleware';
import { handoverOptionsSchema } from '../src/middleware/handoverMiddleware';
import { postgresStoreOptionsSchema } from '../src/store/postgres/postgresStoreOptions';
import { sqliteStoreOptionsSchema } from '../src/store/sqlite/sqliteStoreOptions';

/** What a JSON schema says of one option. */
const optionSchema = z.object({
  description: z.string().optional(),
  default: z.unknown().optional(),
  const: z.unknown().optional(),
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  get properties() {
    return z.record(z.string(), optionSchema).optional();
  },
});

type Option = z.infer<typeof optionSchema>;

const INTRODUCTION = `# Configuration

Everything that is made with \`new\` takes one object of options. Only the adapter's \`webhookUrl\`, a store's path or
connection string, and an \`HttpCcspBridge\`'s \`url\` and \`secret\` have no default. A wrong or unknown option is refused
at construction with its path. This page is made from the schemas in the code by \`npm run docs:configuration\`.
`;

const TABLE_HEAD = `| option | type | default | meaning |
|---|---|---|---|
`;

/** What takes options, in the order of the page. */
const SECTIONS: readonly [title: string, schema: z.ZodType][] = [
  ['WebexConnectAdapter', optionsSchema],
  ['HandoverMiddleware', handoverOptionsSchema],
  ['WebexConnectBridge', webexConnectBridgeOptionsSchema],
  ['HttpCcspBridge', httpCcspBridgeOptionsSchema],
  ['AgentMirrorMiddleware', agentMirrorOptionsSchema],
  ['SqliteStore', sqliteStoreOptionsSchema],
  ['PostgresStore', postgresStoreOptionsSchema],
];

/** The page `docs/configuration.md`, made from the schemas so that it cannot drift. */
export function configurationDoc(): string {
  return INTRODUCTION + SECTIONS.map(([title, schema]) => `\n## ${title}\n\n${table(schema)}`).join('');
}

function table(schema: z.ZodType): string {
  const option = optionSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return TABLE_HEAD + rows(option, '').join('');
}

function rows(option: Option, path: string): string[] {
  return Object.entries(option.properties ?? {}).flatMap(([name, inner]) => {
    const innerPath = path === '' ? name : `${path}.${name}`;
    if (inner.properties !== undefined) return rows(inner, innerPath);
    const cells = [`\`${innerPath}\``, typeOf(inner), defaultOf(inner), inner.description ?? ''];
    return [`| ${cells.join(' | ')} |\n`];
  });
}

function typeOf(option: Option): string {
  if (option.enum !== undefined) return option.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (option.anyOf !== undefined)
    return option.anyOf.map((one) => typeOf(optionSchema.parse(one))).join(' or ');
  if (option.const !== undefined) return JSON.stringify(option.const);
  return option.type ?? 'object or function';
}

function defaultOf(option: Option): string {
  const isData = option.default !== undefined && JSON.stringify(option.default) !== '{}';
  return isData ? `\`${JSON.stringify(option.default)}\`` : '';
}
