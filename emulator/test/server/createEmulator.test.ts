import assert from 'node:assert/strict';
import { createEmulator, PortTakenError } from '../../src';

describe('createEmulator', () => {
  it('serves page, API and webhook on one free port, until it is stopped', async () => {
    const emulator = await createEmulator();
    assert.match(emulator.url, /^http:\/\/localhost:\d+$/);
    assert.match(emulator.webhookUrl, /^http:\/\/127\.0\.0\.1:\d+\/hooks\/[\w-]{20,}$/);
    assert.equal(new URL(emulator.url).port, new URL(emulator.webhookUrl).port);
    const world = await (await fetch(`${emulator.url}/api/world`)).text();
    assert.equal(JSON.parse(world).integration.webhookUrl, emulator.webhookUrl);
    await emulator.stop();
    await assert.rejects(fetch(`${emulator.url}/api/world`));
    await emulator.stop();
  });

  it('has a webhook of its own each time, unless it is named', async () => {
    const [one, other, named] = await Promise.all([
      createEmulator(),
      createEmulator(),
      createEmulator({ webhookPath: 'mine' }),
    ]);
    const pathOf = ({ webhookUrl }: { webhookUrl: string }) => new URL(webhookUrl).pathname;
    assert.notEqual(pathOf(one), pathOf(other));
    assert.equal(pathOf(named), '/hooks/mine');
    await Promise.all([one.stop(), other.stop(), named.stop()]);
    await assert.rejects(createEmulator({ webhookPath: 'a/:b' }), /^EmulatorOptionError: .*webhookPath/);
  });

  it('takes what the bot POSTs', async () => {
    const emulator = await createEmulator();
    const answer = await fetch(emulator.webhookUrl, { method: 'POST', body: 'nothing' });
    assert.equal(answer.status, 400);
    const [entry] = emulator.world().wire;
    assert.deepEqual([entry?.kind, entry?.body], ['fromBot', 'nothing']);
    await emulator.stop();
  });

  it('says when the port is taken, and leaves nothing behind', async () => {
    const emulator = await createEmulator();
    const port = Number(new URL(emulator.url).port);
    await assert.rejects(createEmulator({ port }), PortTakenError);
    await emulator.stop();
  });
});
