import assert from 'node:assert/strict';
import { ActionTypes, CardFactory } from 'botbuilder';
import { ChoiceNumbers } from '../../../src/protocol/rendering/choiceNumbers';
import { renderAttachment } from '../../../src/protocol/rendering/renderAttachment';
import { renderReceiptCard } from '../../../src/protocol/rendering/renderReceiptCard';

describe('renderReceiptCard', () => {
  it('shows all of a receipt', () => {
    const details = { type: ActionTypes.OpenUrl, title: 'Details', value: 'https://x.example/item' };
    const card = CardFactory.receiptCard({
      title: 'Jane Doe',
      facts: [
        { key: 'Order', value: '1234' },
        { key: 'Paid with:', value: 'VISA 5555' },
      ],
      items: [
        {
          title: 'Data transfer',
          subtitle: 'per GB',
          text: 'in May',
          image: { url: 'https://x.example/a.png', alt: 'Chart' },
          price: '$ 38.45',
          quantity: '368',
          tap: details,
        },
        {
          title: 'App service',
          subtitle: '',
          text: '',
          image: { url: '' },
          price: '$ 45.00',
          quantity: '',
          tap: { type: ActionTypes.ImBack, title: '', value: '' },
        },
      ],
      tap: { type: ActionTypes.OpenUrl, title: 'Open', value: 'https://x.example/receipt' },
      tax: '$ 7.50',
      vat: '$ 1.00',
      total: '$ 90.95',
      buttons: [{ type: ActionTypes.PostBack, title: 'Complain', value: 'complain' }],
    });
    assert.equal(
      renderAttachment(card, new ChoiceNumbers()),
      [
        'Jane Doe',
        'Order: 1234',
        'Paid with: VISA 5555',
        '368 x Data transfer: $ 38.45',
        'per GB',
        'in May',
        'Chart: https://x.example/a.png',
        'Details: https://x.example/item',
        'App service: $ 45.00',
        'Tax: $ 7.50',
        'VAT: $ 1.00',
        'Total: $ 90.95',
        'Open: https://x.example/receipt',
        '1. Complain',
      ].join('\n'),
    );
  });

  it('leaves out the amounts that are missing', () => {
    const card = {
      items: [
        { title: 'Tea', price: 3, quantity: 2 },
        { quantity: 4, price: 1 },
      ],
      total: 6,
    };
    assert.equal(renderReceiptCard(card, new ChoiceNumbers()), '2 x Tea: 3\n4 x: 1\nTotal: 6');
  });

  it('shows nothing of what is no card', () => {
    assert.equal(renderReceiptCard('receipt', new ChoiceNumbers()), '');
  });
});
