import { strict as assert } from 'node:assert';
import { expectCall, PHONE, until, useBrowser } from './support/browser';
import { anIntegration, aWorld, START } from './support/worlds';

describe('page: integration, clock and recorder', () => {
  const open = useBrowser();

  it('shows the failures in a row as dots, and in words', async () => {
    const { page, emulator } = await open(aWorld({ integration: anIntegration({ consecutiveFailures: 3 }) }));
    await page.getByRole('img', { name: '3 of 5 failures in a row' }).waitFor();
    assert.equal(await page.locator('.dot.failed').count(), 3);
    await page.getByText('● failing').waitFor();
    emulator.show(aWorld());
    await page.getByRole('img', { name: '0 of 5 failures in a row' }).waitFor();
    assert.equal(await page.locator('.dot.failed').count(), 0);
  });

  it('shows the webhook going inactive, and healthy again after edit and verify', async () => {
    const opened = await open(aWorld());
    const { page, emulator } = opened;
    await page.getByText('● active').waitFor();
    assert.equal(await page.getByText('has made').count(), 0);

    emulator.show(aWorld({ integration: anIntegration({ status: 'inactive', consecutiveFailures: 5 }) }));
    const notice = page
      .getByRole('status')
      .filter({ hasText: 'Five failures in a row have made the webhook inactive' });
    await notice.waitFor();
    await page.getByText('✕ inactive').waitFor();
    await notice.getByRole('button', { name: 'assumption' }).click();
    await page.locator('.popover:popover-open').getByText('The emulator holds them').waitFor();
    await page.keyboard.press('Escape');

    await notice.getByRole('button', { name: 'Edit the integration' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the integration' });
    await dialog.getByLabel('Webhook URL of the bot').fill('http://localhost:3999/bot');
    await dialog.getByRole('button', { name: 'Save and verify' }).click();
    await until(page, () => emulator.calls.length === 2, 'edit and verify');
    assert.deepEqual(emulator.calls, [
      {
        method: 'POST',
        path: '/api/integration/edit',
        body: { botUrl: 'http://localhost:3999/bot', platform: 'OTHERS' },
      },
      { method: 'POST', path: '/api/integration/verify', body: undefined },
    ]);
    await dialog.waitFor({ state: 'detached' });

    emulator.show(aWorld());
    await notice.waitFor({ state: 'detached' });
  });

  it('says why a Verify failed', async () => {
    const opened = await open(
      aWorld({
        integration: anIntegration({ status: 'unverified', lastVerifyProblem: 'the answer has no token' }),
      }),
    );
    await opened.page.getByText('The last Verify failed: the answer has no token').waitFor();
    await opened.page.getByRole('region', { name: 'Integration' }).waitFor();
    await opened.page.getByRole('button', { name: 'Verify', exact: true }).first().click();
    await expectCall(opened, 'POST', '/api/integration/verify');
  });

  it('sends a new token, and never shows or sends the old one', async () => {
    const opened = await open(aWorld());
    const { page } = opened;
    await page.getByRole('button', { name: 'Edit…' }).click();
    const token = page.getByLabel('Verification token', { exact: true });
    assert.equal(await token.inputValue(), '');
    assert.equal(await token.getAttribute('type'), 'password');
    await page.getByLabel('IMI BOT').check();
    await page.getByLabel('Access token', { exact: true }).fill('secret');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expectCall(opened, 'POST', '/api/integration/edit', {
      botUrl: 'http://localhost:3978/api/webex-connect',
      platform: 'IMI BOT',
      accessToken: 'secret',
    });
  });

  it('keeps the dialog open when the edit is refused, and shows the reason in it', async () => {
    const { page, emulator } = await open(aWorld());
    emulator.answer('POST /api/integration/edit', 400, { error: 'botUrl: is not a URL' });
    await page.getByRole('button', { name: 'Edit…' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog');
    const problem = dialog.getByText('The integration was not changed. botUrl: is not a URL');
    await problem.waitFor();
    await dialog.getByRole('button', { name: 'Dismiss' }).click();
    await problem.waitFor({ state: 'detached' });
  });

  it('pauses, resumes, jumps and steps the clock', async () => {
    const opened = await open(aWorld({ clock: { now: START, isPaused: true, nextRetryAt: START + 59_000 } }));
    const { page, emulator } = opened;
    const clock = page.getByRole('region', { name: 'Clock' });
    await clock.getByText('2026-03-09 14:05:00').waitFor();
    await clock.getByRole('button', { name: 'Resume' }).click();
    await expectCall(opened, 'POST', '/api/clock/resume');
    for (const [name, milliseconds] of [
      ['Jump 1 minute', 60_000],
      ['Jump 10 minutes', 600_000],
      ['Jump 1 hour', 3_600_000],
    ] as const) {
      await clock.getByRole('button', { name }).click();
      await expectCall(opened, 'POST', '/api/clock/jump', { milliseconds });
    }
    await clock.getByRole('button', { name: 'Step to next retry in 59 s' }).click();
    await expectCall(opened, 'POST', '/api/clock/step');

    emulator.show(aWorld({ clock: { now: START, isPaused: false, nextRetryAt: undefined } }));
    await clock.getByRole('button', { name: 'Pause' }).click();
    await expectCall(opened, 'POST', '/api/clock/pause');
    const step = clock.getByRole('button', { name: 'Step to next retry' });
    assert.equal(await step.getAttribute('aria-disabled'), 'true');
    await step.click({ force: true });
    assert.deepEqual(emulator.calls, []);
  });

  it('lets the time go on between two words of the server, and stand when it is paused', async () => {
    const { page, emulator } = await open(aWorld());
    const clock = page.getByRole('region', { name: 'Clock' });
    await page.clock.install();
    await page.clock.fastForward(7000);
    await page.clock.runFor(1000);
    await clock.getByText('2026-03-09 14:05:00').waitFor();
    emulator.show(aWorld({ clock: { now: START + 3_600_000, isPaused: false, nextRetryAt: undefined } }));
    await page.clock.runFor(100);
    await clock.getByText('2026-03-09 15:05:00').waitFor();
    await page.clock.runFor(7000);
    await clock.getByText('2026-03-09 15:05:07').waitFor();
  });

  it('keeps a paused time when the page is drawn again much later', async () => {
    const { page } = await open(aWorld());
    const clock = page.getByRole('region', { name: 'Clock' });
    await page.clock.install();
    await page.clock.runFor(60_000);
    await page.setViewportSize(PHONE);
    await page.clock.runFor(100);
    await page.getByRole('button', { name: 'Controls' }).click();
    await page.clock.runFor(100);
    await clock.getByText('2026-03-09 14:05:00').waitFor();
  });

  it('chooses rule and dialect', async () => {
    const opened = await open(aWorld());
    const { page } = opened;
    await page.getByLabel('Forward to').selectOption('BOT+CCSP');
    await expectCall(opened, 'POST', '/api/rule', { rule: 'BOT+CCSP' });
    await page.getByLabel('Dialect').selectOption('withoutMessageid');
    await expectCall(opened, 'POST', '/api/dialect', { dialect: 'withoutMessageid' });
  });

  it('records a session, over a reload too, and gives the scenario', async () => {
    const opened = await open(aWorld());
    const { page, emulator } = opened;
    emulator.answer('POST /api/recording/stop', 200, { scenario: 'name: recorded\nsteps: []\n' });
    await page.getByRole('button', { name: 'Record' }).click();
    await expectCall(opened, 'POST', '/api/recording/start');
    emulator.show(aWorld({ isRecording: true }));
    await page.getByRole('button', { name: 'Stop recording' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Stop recording' }).click();
    await expectCall(opened, 'POST', '/api/recording/stop');
    emulator.show(aWorld());
    await page.getByRole('button', { name: 'Record', exact: true }).waitFor();
    const dialog = page.getByRole('dialog', { name: 'Recorded scenario' });
    assert.equal(
      await dialog.getByRole('textbox', { name: 'Scenario' }).inputValue(),
      'name: recorded\nsteps: []\n',
    );
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save as scenario.yml' }).click();
    assert.equal((await download).suggestedFilename(), 'scenario.yml');
  });

  it('knows a recording that another window has started, and none of an emulator that is gone', async () => {
    const { page, emulator } = await open(aWorld({ isRecording: true }));
    await page.getByRole('button', { name: 'Stop recording' }).waitFor();
    emulator.breakStreams();
    await page.getByText('Disconnected from the emulator').waitFor();
    emulator.show(aWorld());
    emulator.mendStreams();
    await page.getByRole('button', { name: 'Record', exact: true }).waitFor();
    emulator.answer('POST /api/recording/start', 500, { error: 'Out of order.' });
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.getByText('The recording was not started. Out of order.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Stop recording' }).count(), 0);
  });
});
