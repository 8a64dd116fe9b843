import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const HELP = `A Webex Connect on your desk: try and test a third-party bot without a tenant.

  webex-connect-emulator [options]
      Starts the emulator, and verifies the bot if its URL is given. Ctrl-C stops it.

  webex-connect-emulator run <scenario…> --bot-url <url> [--junit <file>] [--json] [options]
      Plays scenario files (YAML or JSON), or folders of them, against a bot that is running. The bot has to
      send its events to http://127.0.0.1:<port>/hooks/<webhook path>.
      Exit code: 0 all passed, 1 one did not, 2 the command line or a scenario is wrong.

  --port <n>                   page, REST API and webhook; 4000 by default, 0 takes any free port
  --bot-url <url>              the bot's endpoint
  --transcript-url <url>       where the bot serves what was said, for a link in the page: {conversationId} in it
                               is the ID; relative to the bot's URL, or whole
  --platform <name>            OTHERS (default) or "IMI BOT"
  --verification-token <text>  OTHERS: what each answer of the bot carries [WEBEX_CONNECT_VERIFICATION_TOKEN]
  --access-token <text>        IMI BOT: what each request to the bot carries [WEBEX_CONNECT_ACCESS_TOKEN]
  --rule <rule>                BOT (default), CCSP or BOT+CCSP
  --dialect <name>             documented (default), sloppyCasing or withoutMessageid
  --close-event-id <id>        eventid by which the bot closes its conversation; none by default
  --seed <n>                   what ids and probabilities are drawn from
  --webhook-path <text>        the last part of the webhook's path; unguessable by default, 'scenarios' for run
  --junit <file>               run: writes JUnit's report
  --json                       run: prints the results as JSON
  --help, --version
`;

/** Of this package. */
export function readVersion(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return z.looseObject({ version: z.string() }).parse(JSON.parse(manifest)).version;
}
