import { z } from 'zod';
import { anyList, anything, listOf, trimmedText, verbatimText } from './tolerantShapes';

/*
 * Cards are written by hand, by designers' tools and by language models, and botbuilder checks none of them.
 * So every field here is tolerant: a wrong one reads as missing, and the rest of the card still shows.
 * Source: Bot Framework Activity schema, botframework-schema 4.23.
 */

/** A Bot Framework `CardAction`. A bare string is taken as an action with that title. */
export const cardActionShape = z.preprocess(
  (action) => (typeof action === 'string' ? { title: action } : action),
  z.object({
    type: trimmedText,
    title: trimmedText,
    text: trimmedText,
    displayText: trimmedText,
    imageAltText: trimmedText,
    value: trimmedText,
  }),
);

/** A Bot Framework `CardAction`, with `''` for each field that is missing or no text. */
export type CardActionText = z.output<typeof cardActionShape>;

const actions = listOf(cardActionShape);
const tap = cardActionShape.optional().catch(undefined);

/** A `CardImage` or `ThumbnailUrl`; a bare string is taken as its URL. */
export const cardImageShape = z.preprocess(
  (image) => (typeof image === 'string' ? { url: image } : image),
  z.object({ url: trimmedText, alt: trimmedText, tap }),
);

/** A `CardImage` or `ThumbnailUrl`, with `''` for each text that is missing. */
export type CardImageText = z.output<typeof cardImageShape>;

const heading = { title: trimmedText, subtitle: trimmedText, text: trimmedText };

/** A `HeroCard` or `ThumbnailCard`. */
export const richCardShape = z.object({ ...heading, images: listOf(cardImageShape), tap, buttons: actions });

/** An `AnimationCard`, `AudioCard` or `VideoCard`. */
export const mediaCardShape = z.object({
  ...heading,
  media: listOf(z.object({ url: trimmedText })),
  image: cardImageShape.optional().catch(undefined),
  buttons: actions,
});

const receiptItemShape = z.object({
  ...heading,
  quantity: trimmedText,
  price: trimmedText,
  image: cardImageShape.optional().catch(undefined),
  tap,
});

/** A `ReceiptItem`, with `''` for each text that is missing. */
export type ReceiptItemText = z.output<typeof receiptItemShape>;

/** A `ReceiptCard`. */
export const receiptCardShape = z.object({
  title: trimmedText,
  facts: listOf(z.object({ key: trimmedText, value: trimmedText })),
  items: listOf(receiptItemShape),
  tap,
  tax: trimmedText,
  vat: trimmedText,
  total: trimmedText,
  buttons: actions,
});

/** A `SigninCard` or `OAuthCard`. */
export const signInCardShape = z.object({
  text: trimmedText,
  buttons: actions,
  tokenExchangeResource: z.object({ uri: trimmedText }).catch({ uri: '' }),
});

/** An `Attachment`, its content not looked at yet. */
export const attachmentShape = z.object({
  contentType: trimmedText,
  contentUrl: trimmedText,
  thumbnailUrl: trimmedText,
  name: trimmedText,
  content: anything,
});

/** The fields of a message `Activity` that hold something to show. */
export const messageShape = z.object({
  text: verbatimText,
  textFormat: trimmedText,
  speak: verbatimText,
  summary: verbatimText,
  attachments: anyList,
  suggestedActions: z.object({ actions }).catch({ actions: [] }),
});
