/** Whoever knows one of these may do what only we may: no trace of a run holds any of them. */
export const SECRETS = {
  verificationToken: 'KanaVerificationToken1',
  accessToken: 'KanaAccessTokenNew2',
  oldAccessToken: 'KanaAccessTokenOld3',
  signatureSecret: 'KanaSignatureSecretNew4',
  oldSignatureSecret: 'KanaSignatureSecretOld5',
  strangersToken: 'KanaStrangersToken6',
  strangersSignature: 'KanaStrangersSignature7',
  webhookPath: 'KanaWebhookPath8',
  webhookQuery: 'KanaWebhookQuery9',
  webhookUser: 'KanaWebhookUser10',
  webhookPassword: 'KanaWebhookPassword11',
  bridgeSecret: Buffer.from('KanaBridgeSecret12-of-32-bytes!!').toString('base64'),
  bridgeHeader: 'KanaBridgeHeader13',
  bridgeQuery: 'KanaBridgeQuery14',
  databasePassword: 'KanaDatabasePassword15',
  redirectPassword: 'KanaRedirectPassword16',
  redirectQuery: 'KanaRedirectQuery17',
  keyOfTheBot: 'KanaKeyOfTheBot18',
} as const;

/** What people have said, or who they are: only where it is kept to be delivered, and in log lines at `debug`. */
export const WORDS = {
  text: 'KanaCustomerText31',
  postback: 'KanaPostbackPayload32',
  media: 'KanaMediaUrl33',
  name: 'KanaCustomerName34',
  phone: 'KanaCustomerPhone35',
  unreadable: 'KanaUnreadableBody36',
  description: 'KanaStatusDescription37',
  reply: 'KanaBotReply38',
  replyParam: 'KanaBotParameter39',
  agent: 'KanaAgentText40',
  mirrored: 'KanaCustomerToAgent41',
  context: 'KanaHandoverContext42',
  transcript: 'KanaHandoverTranscript43',
  error: 'KanaErrorMessage44',
  echo: 'KanaEchoedByPlatform45',
  state: 'KanaBotState46',
} as const;

export type CanaryName = keyof typeof SECRETS | keyof typeof WORDS;

/** A word and how it looks in other clothes. */
interface Canary {
  readonly name: CanaryName;
  readonly looks: readonly string[];
}

const CANARIES: readonly Canary[] = [...entriesOf(SECRETS), ...entriesOf(WORDS)].map(([name, word]) => ({
  name,
  looks: looksOf(word),
}));

const secretNames: ReadonlySet<string> = new Set(Object.keys(SECRETS));

export function isSecret(name: CanaryName): boolean {
  return secretNames.has(name);
}

/** The canaries in a text: as they are, in any case, in base64, in hexadecimal, or escaped for a URL. */
export function canariesIn(text: string): readonly CanaryName[] {
  const lowered = text.toLowerCase();
  return CANARIES.filter(({ looks }) => looks.some((look) => lowered.includes(look))).map(({ name }) => name);
}

function looksOf(word: string): string[] {
  return [
    word,
    encodeURIComponent(word),
    Buffer.from(word).toString('hex'),
    // In base64 a word looks in three ways, by where it begins; its ends depend on its neighbours.
    ...[0, 1, 2].map((offset) => {
      const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(word)]);
      return bytes.toString('base64').slice(offset === 0 ? 0 : 4, -4);
    }),
  ].map((look) => look.toLowerCase());
}

function entriesOf<Words extends Readonly<Record<string, string>>>(words: Words) {
  return Object.entries(words).flatMap(([name, word]) =>
    isNameOf(words, name) ? [[name, word] as const] : [],
  );
}

function isNameOf<Words extends object>(
  words: Words,
  name: string,
): name is Extract<keyof Words, string> & CanaryName {
  return Object.hasOwn(words, name);
}
