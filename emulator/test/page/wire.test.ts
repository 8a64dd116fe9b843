import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { expectCall, until, useBrowser } from './support/browser';
import {
  aCustomer,
  anAttempt,
  anEvent,
  anIntegration,
  aPost,
  aWorld,
  busyWorld,
  START,
} from './support/worlds';

const clipboard = (page: Page): Promise<unknown> => page.evaluate('navigator.clipboard.readText()');

const rows = (page: Page) => page.locator('.wire-row');

async function textOf(page: Page, id: string): Promise<string> {
  return (await page.locator(`[data-entry="${id}"]`).innerText()).replace(/\s+/g, ' ').trim();
}

describe('page: the wire', () => {
  const open = useBrowser();

  it('tells each entry in a row: time, direction, event, outcome, attempt, token, fault, problems', async () => {
    const { page } = await open(busyWorld());
    assert.equal(
      await textOf(page, 'wire-1'),
      "14:05:01.25 → to the bot Incoming message 200 Alice Where's my order? 12 ms attempt 1 of 5 ✓ token",
    );
    assert.equal(
      await textOf(page, 'wire-4'),
      "14:05:59.00 → to the bot FB POSTBACK 503 Alice Where's my order? 12 ms attempt 2 of 5 ✕ no token will be retried status 503 ⚡ status 503",
    );
    assert.equal(
      await textOf(page, 'wire-3'),
      '14:05:01.40 ← from the bot Reply (1001) 200 Alice On its way. 4003 ms repeat ⚡ answered late, after 4 s',
    );
    assert.equal(
      await textOf(page, 'wire-7'),
      '14:05:01.40 ← from the bot Reply (1001) 400 On its way. 3 ms 2 problems',
    );
    assert.match(await textOf(page, 'wire-6'), /Bob .*mirrored/, 'an agent’s conversation is its customer’s');
    assert.doesNotMatch(await textOf(page, 'wire-1'), /mirrored/);
  });

  it('says when nobody answered, and what waits', async () => {
    const { page } = await open(
      aWorld({
        wire: [
          anEvent('1', { attempts: [], state: 'waiting', dueAt: START + 5000 }),
          anEvent('2', { attempts: [], state: 'held' }),
          aPost('3', { status: 0, conversationId: undefined }),
          anEvent('4', {
            state: 'gaveUp',
            attempts: [anAttempt({ number: 5, status: undefined, problem: 'connection refused' })],
          }),
        ],
      }),
    );
    assert.match(await textOf(page, '1'), /waiting.*due at 14:05:05.00/);
    assert.match(await textOf(page, '2'), /held back/);
    assert.match(await textOf(page, '3'), /no answer/);
    assert.match(await textOf(page, '4'), /no answer.*attempt 5 of 5.*gave up.*connection refused/);
  });

  it('tells in a row what was said, tapped, sent or reported, in any casing', async () => {
    const bodies: readonly (readonly [body: string, excerpt: string])[] = [
      ['{"Message":"Hello,\\n\\nyou   there","Media":""}', 'Hello, you there'],
      ['{"MESSAGE":"HI"}', 'HI'],
      ['{"Message":"","media":"https://example.com/a.jpg"}', 'https://example.com/a.jpg'],
      ['{"PostbackPayload":"TRACK_ORDER"}', 'TRACK_ORDER'],
      ['{"Messageid":"1","DeliveryStatus":"Read"}', 'Read'],
      [`{"Message":"${'long '.repeat(100)}"}`, `${'long '.repeat(40)}…`],
      ['{"eventid":"1002","customparam1":"billing","customparam2":"customer: Hi"}', 'billing'],
      ['{"Message":5}', ''],
      ['{}', ''],
      ['null', ''],
      ['{"Message":"cut o', ''],
    ];
    const wire = bodies.map(([body], index) => anEvent(`e${index}`, { body }));
    const { page } = await open(aWorld({ customers: [aCustomer('Alice')], wire }));
    const said = await page
      .locator('.wire-said')
      .evaluateAll((nodes) => nodes.map((node) => node.querySelector('q')?.textContent ?? ''));
    assert.deepEqual(
      said,
      bodies.map(([, excerpt]) => excerpt),
    );
  });

  it('brings what is unfolded into view, at the end too', async () => {
    const wire = Array.from({ length: 40 }, (_, index) => anEvent(`e${index}`));
    const { page } = await open(aWorld({ customers: [aCustomer('Alice')], wire }));
    await page.locator('[data-entry="e39"]').click();
    await page.getByRole('region', { name: 'Answer to attempt 1' }).waitFor();
    const isAllInView = await page.locator('[data-entry="e39"]').evaluate((row) => {
      const box = row.closest('.wire-scroll')?.getBoundingClientRect();
      const entry = row.closest('.wire-entry')?.getBoundingClientRect();
      return box !== undefined && entry !== undefined && entry.top >= box.top && entry.bottom <= box.bottom;
    });
    assert.ok(isAllInView, 'the entry is seen from its row to its answer');
  });

  it('unfolds the body as JSON, all attempts with their answers, headers and problems', async () => {
    const { page } = await open(busyWorld());
    await page.locator('[data-entry="wire-4"]').click();
    const details = page.locator('#wire-wire-4-details');
    assert.match(
      await details.getByRole('region', { name: 'Body', exact: true }).innerText(),
      /^\{\n {2}"Conversationid": "CONV-alice",\n/,
    );
    assert.equal(await details.locator('.attempts > li').count(), 2);
    await details.getByText('no answer within 5 s').waitFor();
    assert.equal(await details.getByRole('region', { name: 'Answer to attempt 2' }).innerText(), 'busy');
    assert.ok(
      (await details.getByRole('button', { name: 'assumption' }).count()) >= 2,
      'intervals and token place are assumptions',
    );

    await page.locator('[data-entry="wire-7"]').click();
    const post = page.locator('#wire-wire-7-details');
    assert.deepEqual(await post.locator('.problems li').allInnerTexts(), [
      'conversation_id: no conversation has this ID',
      'Messagetype: is missing',
    ]);
    await post.getByText('Headers').click();
    await post.getByText('idempotency-key').waitFor();
    await page.locator('[data-entry="wire-7"]').click();
    await post.waitFor({ state: 'hidden' });
  });

  it('copies as curl what a shell can run, whatever is in the body', async () => {
    const { page } = await open(busyWorld());
    await page.locator('[data-entry="wire-1"]').click();
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('✓ copied').waitFor();
    const curl = String(await clipboard(page));
    assert.equal(curl.split('\n')[0], "curl -X POST 'http://localhost:3978/api/webex-connect' \\");
    assert.match(curl, /-H 'content-type: application\/json'/);
    assert.ok(curl.includes(`"Message":"Where'\\''s my order?"`), 'quotes are safe');
  });

  it('copies what the bot sent with its headers, but for those that curl writes', async () => {
    const { page } = await open(busyWorld());
    await page.locator('[data-entry="wire-2"]').click();
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('✓ copied').waitFor();
    const curl = String(await clipboard(page));
    assert.match(curl, /^curl -X POST 'http:\/\/localhost:4000\/hooks\//);
    assert.match(curl, /-H 'idempotency-key: a-1'/);
    assert.doesNotMatch(curl, /-H 'host:/i);
  });

  it('leaves the access token of an IMI BOT to the shell', async () => {
    const integration = anIntegration({ platform: 'IMI BOT', hasAccessToken: true });
    const { page } = await open(aWorld({ integration, wire: [anEvent('1')] }));
    await rows(page).first().click();
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('✓ copied').waitFor();
    assert.match(String(await clipboard(page)), /-H "Authorization: Bearer \$WEBEX_CONNECT_ACCESS_TOKEN"/);
  });

  it('copies the body as a test fixture, and sends again', async () => {
    const opened = await open(
      aWorld({ wire: [anEvent('1', { body: '{"Messageid":12345678901234567890,"a":[],"a":{"b":[1,2]}}' })] }),
    );
    const { page } = opened;
    await rows(page).first().click();
    await page.getByRole('button', { name: 'Copy as test fixture' }).click();
    await page.getByText('✓ copied').waitFor();
    assert.equal(
      await clipboard(page),
      '{\n  "Messageid": 12345678901234567890,\n  "a": [],\n  "a": {\n    "b": [\n      1,\n      2\n    ]\n  }\n}\n',
    );
    await page.getByRole('button', { name: 'Resend' }).click();
    await expectCall(opened, 'POST', '/api/wire/1/resend');
  });

  it('shows a body that is no JSON as it is', async () => {
    const { page } = await open(aWorld({ wire: [aPost('1', { body: '{"eventid": "10' })] }));
    await rows(page).first().click();
    await page.getByText('not JSON').waitFor();
    assert.equal(await page.getByRole('region', { name: 'Body' }).innerText(), '{"eventid": "10');
  });

  it('filters by customer, by direction and by trouble', async () => {
    const { page } = await open(busyWorld());
    assert.equal(await rows(page).count(), 8);
    await page.getByLabel('Customer', { exact: true }).selectOption({ label: 'Bob' });
    assert.equal(await rows(page).count(), 2);
    await page.getByLabel('Direction').selectOption('toBot');
    assert.equal(await rows(page).count(), 1);
    await page.getByLabel('Customer', { exact: true }).selectOption({ label: 'All customers' });
    await page.getByLabel('Direction').selectOption('');
    await page.getByLabel('Only with problems').check();
    assert.equal(await rows(page).count(), 3);
  });

  it('follows the newest entry until the user scrolls up, and offers the way back', async () => {
    const wire = Array.from({ length: 60 }, (_, index) => anEvent(`e${index}`));
    const { page, emulator } = await open(aWorld({ customers: [aCustomer('Alice')], wire }));
    const isInView = (id: string): Promise<void> =>
      until(
        page,
        () =>
          page.locator(`[data-entry="${id}"]`).evaluate((row) => {
            const box = row.closest('.wire-scroll')?.getBoundingClientRect();
            const { top, bottom } = row.getBoundingClientRect();
            return box !== undefined && top >= box.top - 1 && bottom <= box.bottom + 1;
          }),
        `${id} in view`,
      );
    await isInView('e59');
    emulator.show(aWorld({ wire: [...wire, anEvent('e60')] }));
    await page.locator('[data-entry="e60"]').waitFor();
    await isInView('e60');

    await page.locator('.wire-scroll').evaluate((box) => {
      box.scrollTop = 0;
    });
    await page.getByRole('button', { name: 'To the newest' }).waitFor();
    emulator.show(aWorld({ wire: [...wire, anEvent('e60'), anEvent('e61'), anEvent('e62')] }));
    await page.getByRole('button', { name: '2 new' }).waitFor();
    await isInView('e0');
    await page.getByRole('button', { name: '2 new' }).click();
    await isInView('e62');
    await page.getByRole('button', { name: '2 new' }).waitFor({ state: 'detached' });
  });
});
