/** What is read from the environment, by whom; a test holds the names against the code. */
const VARIABLES: readonly [name: string, readBy: string, fallback: string, meaning: string][] = [
  ['PORT', 'samples, `npm start`, `doctor`', '`3978`', 'where the bot listens; 0 takes any free port'],
  [
    'WEBEX_CONNECT_WEBHOOK_URL',
    'samples, `doctor`',
    'none: a sample prints what it sends; `samples/scale-out` starts an emulator',
    'the URL that Webex Connect generated for the integration',
  ],
  [
    'WEBEX_CONNECT_VERIFICATION_TOKEN',
    'samples, `doctor`, `webex-connect-emulator`',
    'none; of `samples/scale-out` a random one',
    "the integration's Verification Token (OTHERS)",
  ],
  [
    'WEBEX_CONNECT_ACCESS_TOKEN',
    'samples, `doctor`, `webex-connect-emulator`',
    'none',
    "the bot's access token (IMI BOT)",
  ],
  [
    'WEBEX_CONNECT_STORE',
    'samples, `npm start`, `webex-connect-bot`',
    '`memory:`; of `npm start` a SQLite file, of `samples/scale-out` a PostgreSQL of its own, both gone at the end; of `webex-connect-bot` none',
    '`memory:`, `sqlite:<path>` or `postgres://…`; `samples/scale-out` takes `postgres://…` alone',
  ],
  [
    'WEBEX_CONNECT_SCHEMA',
    '`webex-connect-bot`',
    '`webex_connect`',
    "PostgreSQL's schema, as of the bot's `PostgresStore`",
  ],
  [
    'WEBEX_CONNECT_TRANSCRIPT_TOKEN',
    '`samples/contact-centre`',
    'none: it answers this machine alone',
    'the bearer token that the transcript route wants',
  ],
  [
    'MicrosoftAppId',
    '`samples/express`',
    'none: `/api/messages` is open to everybody',
    'as of every bot on `CloudAdapter`, with `MicrosoftAppPassword`, `MicrosoftAppType` and `MicrosoftAppTenantId`',
  ],
  [
    'EMULATOR_PORT',
    '`npm start`, `samples/scale-out`',
    '`4000`',
    "where the emulator's page is; 0 takes any free port",
  ],
];

/** The table of `docs/configuration.md`. */
export function environmentTable(): string {
  const rows = VARIABLES.map(
    ([name, readBy, fallback, meaning]) => `| \`${name}\` | ${readBy} | ${fallback} | ${meaning} |\n`,
  );
  return `| variable | read by | default | meaning |\n|---|---|---|---|\n${rows.join('')}`;
}
