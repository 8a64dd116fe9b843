import { z } from 'zod';

const PLACEHOLDER = '{conversationId}';
/** What the URL parser makes of the placeholder in a path. */
const ESCAPED = '%7BconversationId%7D';
const ANY_BOT = 'http://localhost/';

/** Where a bot serves what was said in a conversation: a whole URL, or relative to its endpoint. */
export const TRANSCRIPT_URL = z
  .string('must be a text')
  .includes(PLACEHOLDER, `must hold ${PLACEHOLDER}`)
  .refine(
    (template) => resolveTranscriptUrl(template, ANY_BOT) !== undefined,
    'must be an http:// or https:// URL, or relative to the one of the bot',
  );

/** The whole URL, its placeholder in it; `undefined` when the bot that it is relative to is not known yet. */
export function resolveTranscriptUrl(
  template: string | undefined,
  botUrl: string | undefined,
): string | undefined {
  if (template === undefined || !URL.canParse(template, botUrl)) return undefined;
  const { protocol, href } = new URL(template, botUrl);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return href.replaceAll(ESCAPED, PLACEHOLDER);
}
