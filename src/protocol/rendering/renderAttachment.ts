import type { z } from 'zod';
import { renderAdaptiveCard } from './adaptive/renderAdaptiveCard';
import { attachmentShape } from './cardShapes';
import type { ChoiceNumbers } from './choiceNumbers';
import { isDataUri, renderLink } from './renderLink';
import { renderMediaCard } from './renderMediaCard';
import { renderReceiptCard } from './renderReceiptCard';
import { renderRichCard } from './renderRichCard';
import { renderSignInCard } from './renderSignInCard';

type CardRenderer = (content: unknown, numbers: ChoiceNumbers) => string;
type AttachmentText = z.output<typeof attachmentShape>;

const CARD_RENDERERS = new Map<string, CardRenderer>([
  ['application/vnd.microsoft.card.adaptive', renderAdaptiveCard],
  ['application/vnd.microsoft.card.animation', renderMediaCard],
  ['application/vnd.microsoft.card.audio', renderMediaCard],
  ['application/vnd.microsoft.card.hero', renderRichCard],
  ['application/vnd.microsoft.card.oauth', renderSignInCard],
  ['application/vnd.microsoft.card.receipt', renderReceiptCard],
  ['application/vnd.microsoft.card.signin', renderSignInCard],
  ['application/vnd.microsoft.card.thumbnail', renderRichCard],
  ['application/vnd.microsoft.card.video', renderMediaCard],
  ['application/vnd.microsoft.teams.card.o365connector', renderRichCard],
]);

/**
 * Shows one attachment: a card as text, a text attachment as its content, any other file as `name: url`.
 *
 * No attachment is dropped in silence: one that cannot be shown is named in brackets, such as
 * `[report.pdf]` or `[application/vnd.acme.map]`. Content types are matched in any case.
 *
 * @param attachment - a Bot Framework `Attachment`, of any shape
 * @param numbers - the message's running numbers
 * @returns one or more blocks; `''` only for what is no attachment at all
 */
export function renderAttachment(attachment: unknown, numbers: ChoiceNumbers): string {
  const { data: parsed } = attachmentShape.safeParse(attachment);
  if (parsed === undefined) return '';
  return renderContent(parsed, numbers) || renderFile(parsed) || renderPlaceholder(parsed);
}

function renderContent({ contentType, content }: AttachmentText, numbers: ChoiceNumbers): string {
  const type = contentType.toLowerCase();
  if (typeof content === 'string' && type.startsWith('text/')) return content.trim();
  return CARD_RENDERERS.get(type)?.(content, numbers) ?? '';
}

function renderFile({ name, contentType, contentUrl, thumbnailUrl }: AttachmentText): string {
  const url = contentUrl || thumbnailUrl;
  if (url === '') return '';
  return renderLink(isDataUri(url) ? name || contentType : name, url);
}

function renderPlaceholder({ name, contentType }: AttachmentText): string {
  const description = name || contentType;
  return description === '' ? '[attachment]' : `[${description}]`;
}
