import { z } from 'zod';
import { emulatorOptionsSchema } from '../emulator/src/emulatorOptions';
import { healthRoutesOptionsSchema } from '../src/adapter/healthRoutes';
import { allowAddressesSchema } from '../src/adapter/http/allowAddresses';
import { optionsSchema } from '../src/adapter/options';
import { httpCcspBridgeOptionsSchema } from '../src/ccsp/httpCcspBridgeOptions';
import { webexConnectBridgeOptionsSchema } from '../src/ccsp/webexConnectBridge';
import { agentMirrorOptionsSchema } from '../src/middleware/agentMirrorMiddleware';
import { handoverOptionsSchema } from '../src/middleware/handoverMiddleware';
import { postgresStoreOptionsSchema } from '../src/store/postgres/postgresStoreOptions';
import { sqliteStoreOptionsSchema } from '../src/store/sqlite/sqliteStoreOptions';
import { environmentTable } from './environmentTable';
import { interfaceOptions } from './interfaceOptions';

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

What has no options: \`ConversationTracker\`, \`MemoryStore\`, \`WebexConnectActivityHandler\`, \`metricsRoute\`, \`fromPino\`,
\`fromWinston\`. The package itself reads no environment variable; the samples and the commands do, see
[below](#environment).
`;

const TABLE_HEAD = `| option | type | default | meaning |
|---|---|---|---|
`;

/** What takes options, in the order of the page. */
export const SECTIONS: readonly [title: string, schema: z.ZodType][] = [
  ['WebexConnectAdapter', optionsSchema],
  ['HandoverMiddleware', handoverOptionsSchema],
  ['WebexConnectBridge', webexConnectBridgeOptionsSchema],
  ['HttpCcspBridge', httpCcspBridgeOptionsSchema],
  ['AgentMirrorMiddleware', agentMirrorOptionsSchema],
  ['SqliteStore', sqliteStoreOptionsSchema],
  ['PostgresStore', postgresStoreOptionsSchema],
  ['healthRoutes', healthRoutesOptionsSchema],
  ['allowAddresses', allowAddressesSchema],
];

/** What the packages export for tests: what an option means stands with its type. */
const FOR_TESTS: readonly [title: string, meanings: Map<string, string>, schema?: z.ZodType][] = [
  ['mockWebexConnect', interfaceOptions('src/testing/mockWebexConnect.ts', 'MockWebexConnectOptions')],
  [
    'createEmulator',
    interfaceOptions('emulator/src/emulatorApi.ts', 'EmulatorOptions'),
    emulatorOptionsSchema,
  ],
];

/** The page `docs/configuration.md`, made from the schemas so that it cannot drift. */
export function configurationDoc(): string {
  const parts = SECTIONS.map(([title, schema]) => section(title, table(schema)));
  const forTests = FOR_TESTS.map(([title, meanings, schema]) => section(title, testTable(meanings, schema)));
  return [INTRODUCTION, ...parts, ...forTests, section('Environment', environmentTable())].join('\n');
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text}`;
}

function table(schema: z.ZodType): string {
  return TABLE_HEAD + rows(read(schema), '').join('');
}

function read(schema: z.ZodType): Option {
  return optionSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function testTable(meanings: Map<string, string>, schema?: z.ZodType): string {
  const options = schema === undefined ? {} : (read(schema).properties ?? {});
  const rowsOfAll = [...meanings].map(([name, meaning]) => {
    const option = options[name];
    return `| \`${name}\` | ${option === undefined ? '' : defaultOf(option)} | ${meaning} |\n`;
  });
  return `| option | default | meaning |\n|---|---|---|\n${rowsOfAll.join('')}`;
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
