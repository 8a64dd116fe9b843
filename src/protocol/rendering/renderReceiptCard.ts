import { type ReceiptItemText, receiptCardShape } from './cardShapes';
import type { ChoiceNumbers } from './choiceNumbers';
import { joinLines, labelled } from './lines';
import { renderActions, renderTap } from './renderActions';
import { renderImage } from './renderImage';

/**
 * Shows a receipt card: title, facts, items (`2 x Title: price`), tax, VAT, total, tap action, buttons.
 * The words `Tax`, `VAT` and `Total` are English whatever the locale, since the card holds none of its own.
 *
 * @param content - the attachment's content, of any shape
 * @param numbers - the message's running numbers
 * @returns one block, `''` when nothing in it can be shown
 */
export function renderReceiptCard(content: unknown, numbers: ChoiceNumbers): string {
  const { data: card } = receiptCardShape.safeParse(content);
  if (card === undefined) return '';

  return joinLines([
    card.title,
    ...card.facts.map((fact) => labelled(fact.key, fact.value)),
    ...card.items.flatMap((item) => renderItem(item, numbers)),
    amount('Tax', card.tax),
    amount('VAT', card.vat),
    amount('Total', card.total),
    ...renderTap(card.tap, numbers),
    ...renderActions(card.buttons, numbers),
  ]);
}

function renderItem(item: ReceiptItemText, numbers: ChoiceNumbers): string[] {
  const name = item.quantity === '' ? item.title : `${item.quantity} x ${item.title}`.trimEnd();
  return [
    labelled(name, item.price),
    item.subtitle,
    item.text,
    ...renderImage(item.image, numbers),
    ...renderTap(item.tap, numbers),
  ];
}

function amount(name: string, value: string): string {
  return value === '' ? '' : labelled(name, value);
}
