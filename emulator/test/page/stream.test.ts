import { strict as assert } from 'node:assert';
import { useBrowser } from './support/browser';
import { aCustomer, aMessage, anAgentConversation, anEvent, aViolation, aWorld } from './support/worlds';

describe('page: live', () => {
  const open = useBrowser();

  it('says when it is disconnected, and comes back by itself with what has happened meanwhile', async () => {
    const { page, emulator } = await open(aWorld());
    emulator.breakStreams();
    await page.getByRole('status').getByText('Disconnected from the emulator').waitFor();
    emulator.show(aWorld({ customers: [aCustomer('Alice')] }));
    emulator.mendStreams();
    await page.getByRole('article', { name: 'Alice' }).waitFor();
    await page.getByText('Disconnected from the emulator').waitFor({ state: 'detached' });
  });

  it('says when nobody answers an action', async () => {
    const { page, emulator } = await open(aWorld());
    await emulator.stop();
    await page.getByText('Disconnected from the emulator').waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('alert').getByText('The emulator does not answer. Is it still running?').waitFor();
  });

  it('announces messages and the queue politely, violations at once, and nothing that was there before', async () => {
    const alice = aCustomer('Alice', { chat: [aMessage('a1', 'Old news')] });
    const { page, emulator } = await open(aWorld({ customers: [alice], violations: [aViolation('v0')] }));
    const polite = page.locator('[data-announcer="polite"]');
    const urgent = page.locator('[data-announcer="urgent"]');
    assert.equal(await polite.getAttribute('aria-live'), 'polite');
    assert.equal(await urgent.getAttribute('role'), 'alert');
    const later = {
      ...alice,
      chat: [...alice.chat, aMessage('a2', 'Mine', { author: 'customer' }), aMessage('a3', 'News')],
    };
    emulator.show(
      aWorld({
        customers: [later],
        desk: [anAgentConversation(alice)],
        violations: [aViolation('v0'), aViolation('v1', { message: 'Said twice.' })],
      }),
    );
    await urgent.getByText('Violation: Said twice.').waitFor({ state: 'attached' });
    assert.deepEqual(await polite.locator('p').allTextContents(), [
      'The bot to Alice: News',
      'Alice waits for an agent',
    ]);
    assert.deepEqual(await urgent.locator('p').allTextContents(), ['Violation: Said twice.']);
  });

  it('announces a flood as one number', async () => {
    const alice = aCustomer('Alice');
    const { page, emulator } = await open(aWorld({ customers: [alice] }));
    const chat = Array.from({ length: 20 }, (_, index) => aMessage(`a${index}`, `News ${index}`));
    emulator.show(aWorld({ customers: [{ ...alice, chat }] }));
    await page.getByText('20 new messages').waitFor({ state: 'attached' });
  });

  it('draws few of 2,000 entries, and of a new world only what is new', async () => {
    const wire = Array.from({ length: 2000 }, (_, index) => anEvent(`e${index}`));
    const { page, emulator } = await open(aWorld({ customers: [aCustomer('Alice')], wire }));
    await page.getByRole('heading', { name: 'The wire 2000' }).waitFor();
    assert.equal(await page.locator('.wire-row').count(), 150);
    await page.evaluate(`(() => {
      globalThis.changes = 0;
      new MutationObserver((records) => { globalThis.changes += records.length; })
        .observe(document.querySelector('.wire-list'), { subtree: true, childList: true, attributes: true, characterData: true });
    })()`);
    emulator.show(aWorld({ customers: [aCustomer('Alice')], wire: [...wire, anEvent('new')] }));
    await page.locator('[data-entry="new"]').waitFor();
    const changes = Number(await page.evaluate('globalThis.changes'));
    assert.ok(changes <= 10, `one entry came and one went: ${changes} changes of the document`);
  });

  it('keeps what has not changed as the same object, so that it is not drawn again', async () => {
    const { page } = await open(aWorld());
    const same: unknown =
      await page.evaluate(`import('/app/live/shareStructure.js').then(({ shareStructure }) => {
      const before = { clock: { now: 1 }, wire: [{ id: 'a', attempts: [{ number: 1 }] }, { id: 'b', attempts: [] }, { id: 'c', attempts: [] }] };
      const next = { clock: { now: 1 }, wire: [{ id: 'b', attempts: [] }, { id: 'c', attempts: [{ number: 1 }] }, { id: 'd', attempts: [] }] };
      const now = shareStructure(before, next);
      return {
        clock: now.clock === before.clock,
        moved: now.wire[0] === before.wire[1],
        changed: now.wire[1] === before.wire[2],
        isRight: JSON.stringify(now) === JSON.stringify(next),
        all: shareStructure(before, structuredClone(before)) === before,
        fewer: JSON.stringify(shareStructure({ a: 1, b: 2 }, { a: 1 })),
      };
    })`);
    assert.deepEqual(same, {
      clock: true,
      moved: true,
      changed: false,
      isRight: true,
      all: true,
      fewer: '{"a":1}',
    });
  });

  it('stays usable while the wire is busy', async () => {
    const wire = Array.from({ length: 2000 }, (_, index) => anEvent(`e${index}`));
    const customers = [aCustomer('Alice')];
    const { page, emulator } = await open(aWorld({ customers, wire }));
    for (let round = 0; round < 10; round++) {
      emulator.show(
        aWorld({
          customers,
          wire: [
            ...wire.slice(round + 1),
            ...wire.slice(0, round + 1).map(({ id }) => anEvent(`${id}-again`)),
          ],
        }),
      );
      await page.getByLabel('Message from Alice').pressSequentially('x');
    }
    await page.locator('[data-entry="e9-again"]').waitFor();
    assert.equal(await page.getByLabel('Message from Alice').inputValue(), 'x'.repeat(10));
    await page.getByRole('button', { name: 'Show earlier entries (1850)' }).click();
    assert.equal(await page.locator('.wire-row').count(), 300);
  });
});
