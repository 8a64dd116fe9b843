import { z } from 'zod';
import { anyList, anything, listOf, trimmedText, verbatimText } from '../tolerantShapes';

/*
 * The parts of the Adaptive Card schema (adaptivecards.io, 1.0 to 1.6) that a text channel can show. Every
 * field is tolerant: a wrong one reads as missing. Children stay unread here, so that no shape is recursive
 * and the depth of a hostile card cannot become the depth of the stack.
 */

/** The card itself, at the root or behind an `Action.ShowCard`. */
export const adaptiveCardShape = z.object({
  body: anyList,
  actions: anyList,
  selectAction: anything,
  fallbackText: trimmedText,
  speak: trimmedText,
});

/** What every element has. */
export const elementShape = z.object({
  type: trimmedText,
  isVisible: z.boolean().catch(true),
  selectAction: anything,
});

/** `TextBlock`. */
export const textBlockShape = z.object({ text: trimmedText });

/** `RichTextBlock`; an inline is a string or a `TextRun`. */
export const richTextBlockShape = z.object({
  inlines: listOf(
    z.preprocess(
      (inline) => (typeof inline === 'string' ? { text: inline } : inline),
      z.object({ text: verbatimText, selectAction: anything }),
    ),
  ),
});

/** `FactSet`. */
export const factSetShape = z.object({ facts: listOf(z.object({ title: trimmedText, value: trimmedText })) });

/** `Image`. */
export const imageShape = z.object({ url: trimmedText, altText: trimmedText });

/** `ImageSet`; its images are elements of their own. */
export const imageSetShape = z.object({ images: anyList });

/** `Media`. */
export const mediaShape = z.object({
  altText: trimmedText,
  poster: trimmedText,
  sources: listOf(z.object({ url: trimmedText })),
});

/** `Table`. */
export const tableShape = z.object({ rows: anyList });

/** `TableRow`. */
export const tableRowShape = z.object({ cells: anyList });

/** `ActionSet`. */
export const actionSetShape = z.object({ actions: anyList });

/** Every `Input.*`: the fields differ by type, and those that a type lacks read as missing. */
export const inputShape = z.object({
  label: trimmedText,
  title: trimmedText,
  placeholder: trimmedText,
  choices: listOf(z.object({ title: trimmedText, value: trimmedText })),
  inlineAction: anything,
});

/** Containers, and elements of types this code does not know. */
export const containerShape = z.object({
  items: anyList,
  body: anyList,
  columns: anyList,
  rows: anyList,
  cells: anyList,
  pages: anyList,
  fallback: anything,
  title: trimmedText,
  text: trimmedText,
});

/** Every `Action.*`. */
export const actionShape = z.object({
  type: trimmedText,
  title: trimmedText,
  tooltip: trimmedText,
  url: trimmedText,
  card: anything,
  fallback: anything,
});
