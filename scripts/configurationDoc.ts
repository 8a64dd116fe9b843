import { z } from 'zod';
import { optionsSchema } from '../src/adapter/options';

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

\`new WebexConnectAdapter(options)\` takes one object. Only \`webhookUrl\` has no default. A wrong or unknown option is
refused at construction with its path. This page is made from the schema in \`src/adapter/options.ts\` by
\`npm run docs:configuration\`.

| option | type | default | meaning |
|---|---|---|---|
`;

/** The page \`docs/configuration.md\`, made from the schema so that it cannot drift. */
export function configurationDoc(): string {
  const schema = optionSchema.parse(z.toJSONSchema(optionsSchema, { io: 'input', unrepresentable: 'any' }));
  return INTRODUCTION + rows(schema, '').join('');
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
