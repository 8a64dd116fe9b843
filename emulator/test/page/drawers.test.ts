import { strict as assert } from 'node:assert';
import { expectCall, useBrowser } from './support/browser';
import { aCustomer, aFault, anEvent, aViolation, aWorld, busyWorld } from './support/worlds';

describe('page: faults', () => {
  const open = useBrowser();

  it('adds a fault by event, conversation, attempt, probability and number', async () => {
    const opened = await open(aWorld({ customers: [aCustomer('Alice')] }));
    const { page } = opened;
    await page.getByRole('button', { name: 'Faults' }).click();
    const form = page.getByRole('form', { name: 'Add a fault' });
    await form.getByLabel('Status', { exact: true }).fill('429');
    await form.getByLabel('Retry-After').fill('30');
    await form.getByLabel('Event', { exact: true }).fill('Incoming message');
    await form.getByLabel('Conversation').selectOption({ label: 'Alice' });
    await form.getByLabel('Attempt').fill('1');
    await form.getByLabel('Probability').fill('0.5');
    await form.getByLabel('At most').fill('3');
    await form.getByRole('button', { name: 'Add fault' }).click();
    await expectCall(opened, 'POST', '/api/faults', {
      direction: 'toBot',
      match: {
        event: 'Incoming message',
        conversationId: 'CONV-alice',
        attempt: 1,
        probability: 0.5,
        times: 3,
      },
      effect: { kind: 'status', status: 429, retryAfterSeconds: 30 },
    });
  });

  it('offers what each kind needs, both ways', async () => {
    const opened = await open(aWorld());
    const { page } = opened;
    await page.getByRole('button', { name: 'Faults' }).click();
    const form = page.getByRole('form', { name: 'Add a fault' });
    const effects: readonly (readonly [
      kind: string,
      label: string | undefined,
      typed: string,
      rest: object,
    ])[] = [
      ['refuse', undefined, '', {}],
      ['timeOut', undefined, '', {}],
      ['answerLate', 'Seconds', '4.5', { delayMs: 4500 }],
      ['resetAfterSend', undefined, '', {}],
      ['duplicate', 'How many more', '3', { copies: 3 }],
      ['reorder', undefined, '', {}],
      ['truncate', 'Bytes', '12', { bytes: 12 }],
      ['clockSkew', 'Minutes', '-60', { skewMs: -3_600_000 }],
    ];
    await form.getByLabel('From the bot').check();
    for (const [kind, label, typed, rest] of effects) {
      await form.getByLabel('Effect').selectOption(kind);
      if (label !== undefined) await form.getByLabel(label).fill(typed);
      await form.getByRole('button', { name: 'Add fault' }).click();
      await expectCall(opened, 'POST', '/api/faults', {
        direction: 'fromBot',
        match: {},
        effect: { kind, ...rest },
      });
    }
    assert.equal(await form.getByLabel('Attempt').count(), 0, 'attempts are counted towards the bot');
  });

  it('lets the browser refuse what is no number', async () => {
    const { page, emulator } = await open(aWorld());
    await page.getByRole('button', { name: 'Faults' }).click();
    await page.getByLabel('Status', { exact: true }).fill('99');
    await page.getByRole('button', { name: 'Add fault' }).click();
    await page.getByLabel('Probability').fill('2');
    assert.equal(await page.locator('form:invalid').count(), 1);
    assert.deepEqual(emulator.calls, []);
  });

  it('lists what is played in words, and removes one or all', async () => {
    const faults = [
      aFault('f1'),
      aFault('f2', { effect: { kind: 'duplicate', copies: 2 }, match: { times: 1 }, played: 0 }),
    ];
    const opened = await open(aWorld({ faults }));
    const { page } = opened;
    await page.getByRole('button', { name: 'Faults 2' }).click();
    const first = page.locator('[data-fault="f1"]');
    assert.match(
      await first.innerText(),
      /Answer it with a status, in the bot’s place: 503, Retry-After 30 s/,
    );
    assert.match(
      await first.innerText(),
      /To the bot, “Incoming message”, at attempt 1\. Played so far: 2\./,
    );
    await page.getByRole('button', { name: 'Remove: Send more of the same: 2 more' }).click();
    await expectCall(opened, 'DELETE', '/api/faults/f2');
    await page.getByRole('button', { name: 'Remove all' }).click();
    await expectCall(opened, 'DELETE', '/api/faults');
  });
});

describe('page: violations', () => {
  const open = useBrowser();

  it('counts them, tells them, and leads to what shows them', async () => {
    const opened = await open(busyWorld());
    const { page } = opened;
    await page.getByLabel('Direction').selectOption('toBot');
    await page.getByRole('button', { name: 'Violations 2' }).click();
    const drawer = page.getByRole('dialog', { name: 'Violations' });
    await drawer.getByText('The bot said “On its way.” twice.').waitFor();
    await drawer
      .locator('[data-violation="violation-2"]')
      .getByRole('button', { name: 'Show on the wire' })
      .click();
    await drawer.waitFor({ state: 'detached' });
    await page.locator('[data-entry="wire-7"]:focus').waitFor();
    assert.equal(await page.locator('[data-entry="wire-7"]').getAttribute('aria-expanded'), 'true');
  });

  it('leads to an entry that is not drawn', async () => {
    const wire = Array.from({ length: 400 }, (_, index) => anEvent(`e${index}`));
    const { page } = await open(
      aWorld({ wire, violations: [aViolation('v', { evidence: ['e7', 'forgotten'] })] }),
    );
    assert.equal(await page.locator('[data-entry="e7"]').count(), 0);
    await page.getByRole('button', { name: 'Violations' }).click();
    assert.equal(await page.getByRole('button', { name: 'Show on the wire' }).count(), 1);
    await page.getByRole('button', { name: 'Show on the wire' }).click();
    await page.locator('[data-entry="e7"]:focus').waitFor();
  });

  it('clears them', async () => {
    const opened = await open(busyWorld());
    await opened.page.getByRole('button', { name: 'Violations' }).click();
    await opened.page.getByRole('button', { name: 'Clear all' }).click();
    await expectCall(opened, 'DELETE', '/api/violations');
    opened.emulator.show(aWorld());
    await opened.page.getByText('The bot has done nothing wrong.').waitFor();
  });
});
