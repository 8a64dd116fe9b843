import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { incomingMessage, ManualClock } from '../../src/testing';
import { serveBot } from '../support/botHost';
import { RecordingLogger } from '../support/recordingLogger';

const SECRETS = {
  token: 'VERIFICATION-s3cret',
  access: 'ACCESS-s3cret',
  signing: 'SIGNING-s3cret',
  webhookPath: 'secret-path',
  customer: 'my card number is 4111',
};

describe('secrets and what customers say', () => {
  it('stay out of log lines, health, metrics and errors, whatever goes wrong (I9)', async () => {
    const logger = new RecordingLogger();
    const clock = new ManualClock();
    const host = await serveBot(
      {
        logger,
        clock,
        verification: { token: SECRETS.token },
        authentication: { accessToken: SECRETS.access, signatureSecret: SECRETS.signing },
      },
      async (context) => {
        if (context.activity.text?.endsWith('fail')) throw new Error('the bot failed');
        await context.sendActivities([
          { type: 'message', text: `You said ${context.activity.text}` },
          { type: 'event', name: 'unsent' },
        ]);
      },
    );
    const post = (body: string, secret = SECRETS.signing) =>
      host.post(body, {
        authorization: `Bearer ${SECRETS.access}`,
        'x-hub-signature': createHmac('sha256', secret).update(body).digest('hex'),
      });
    const say = (text: string) => post(JSON.stringify(incomingMessage(`${SECRETS.customer} ${text}`)));

    await say('ok');
    await host.webhook.waitFor(1);
    await post(`{"Event":"x","Message":"${SECRETS.customer}"}`);
    await post(`not JSON ${SECRETS.customer}`);
    assert.equal((await post(JSON.stringify(incomingMessage()), 'wrong')).status, 401);
    assert.equal((await host.post(incomingMessage(), { authorization: 'Bearer wrong' })).status, 401);
    host.webhook.statuses.push(400, 500, 500, 500, 500, 500);
    for (const text of ['refused', 'failing']) await say(text);
    await say('fail');
    await clock.advance(10 * 60_000);
    await host.webhook.close().catch(() => {});
    await say('nobody there');
    await clock.advance(10 * 60_000);

    const visible = [
      ...logger.texts('info'),
      ...logger.texts('warn'),
      ...logger.texts('error'),
      JSON.stringify(await host.adapter.health()),
      await host.adapter.metrics(),
      ...(await host.adapter.quarantine.list()).map(({ reason }) => reason),
      ...(await host.adapter.deadLetters.list()).map(({ reason, lastError }) => `${reason} ${lastError}`),
    ].join('\n');
    for (const [name, secret] of Object.entries(SECRETS)) {
      assert.equal(visible.includes(secret), false, `${name} is visible`);
    }
    assert.ok(logger.texts().length >= 8, 'the scenario logged too little to prove anything');
    await host.adapter.stop();
    await host.stop().catch(() => {});
  });
});
