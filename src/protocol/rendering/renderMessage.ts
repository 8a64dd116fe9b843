import type { Activity } from 'botbuilder';
import type { z } from 'zod';
import { messageShape } from './cardShapes';
import { ChoiceNumbers } from './choiceNumbers';
import { joinBlocks, joinLines } from './lines';
import { ssmlToText, xmlToText } from './plainText';
import { renderActions } from './renderActions';
import { renderAttachment } from './renderAttachment';

/** Formats whose text is shown as it is. */
const AS_WRITTEN: ReadonlySet<string> = new Set(['plain', 'markdown']);

/**
 * Renders a message activity into the text that any channel can show: its text, then each attachment or
 * card, then the suggested actions. Blocks stand apart by an empty line; a block's lines by a line feed.
 *
 * Text is left as the bot wrote it, Markdown and HTML included, but for `textFormat` `xml`, whose tags are
 * stripped. Without text, what the bot would have spoken stands in for it; with nothing to show at all, the
 * summary does. Numbered choices run on through the whole message, so no number is used twice.
 *
 * Nothing in an activity makes this throw: what cannot be read is left out, or named in brackets.
 *
 * Webex Connect documents a text field and no card format for bots: that every channel shows this text, line
 * feeds and bare links included, is an assumption.
 *
 * @param activity - the message activity; other types are rendered the same way
 * @returns the whole text, of any length (see `splitText`); `''` when there is nothing to show
 */
export function renderMessage(activity: Partial<Activity>): string {
  if (isTextAlone(activity)) return activity.text;
  const { data: message } = messageShape.safeParse(activity);
  if (message === undefined) return '';

  const numbers = new ChoiceNumbers();
  const shown = joinBlocks([
    ownText(message),
    ...message.attachments.map((attachment) => renderAttachment(attachment, numbers)),
    joinLines(renderActions(message.suggestedActions.actions, numbers)),
  ]);
  if (shown !== '') return shown;
  return message.summary.trim() === '' ? '' : message.summary;
}

/** Most messages are a text and nothing else, and to read all their fields tolerantly costs more than to send one. */
function isTextAlone(activity: Partial<Activity> | null): activity is { readonly text: string } {
  const { text, textFormat, attachments, suggestedActions } = activity ?? {};
  const hasText = typeof text === 'string' && text.trim() !== '';
  const isBare = suggestedActions === undefined && (attachments === undefined || attachments.length === 0);
  return hasText && isBare && (textFormat === undefined || AS_WRITTEN.has(textFormat));
}

function ownText({ text, textFormat, speak }: z.output<typeof messageShape>): string {
  const written = textFormat.toLowerCase() === 'xml' ? xmlToText(text) : text;
  return written.trim() === '' ? ssmlToText(speak) : written;
}
