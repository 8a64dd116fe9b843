import assert from 'node:assert/strict';
import { MemoryStore } from '../../src';
import { echo } from '../support/botHost';
import { withEmulator } from './support/withEmulator';

const ACCESS_TOKEN = 'the access token of the integration';

describe('A bot whose integration is of the platform IMI BOT', () => {
  const withTokens = <Result>(ofBot: string, act: Parameters<typeof withEmulator<MemoryStore, Result>>[2]) =>
    withEmulator(
      { platform: 'IMI BOT', accessToken: ACCESS_TOKEN },
      {
        openStore: () => new MemoryStore(),
        makeLogic: () => echo,
        options: { authentication: { accessToken: ofBot } },
      },
      act,
    );

  it('is verified, and answers who shows its access token', () =>
    withTokens(ACCESS_TOKEN, async (emulator) => {
      assert.ok(await emulator.integration.verify(), 'it was not verified');
      const ann = emulator.customer('Ann', 'SMS');
      await ann.says('hi');
      await ann.reads('Echo: hi');
      assert.deepEqual(emulator.judge.settle(), []);
    }));

  it('is not verified when it knows another', () =>
    withTokens('another token', async (emulator) => {
      assert.equal(await emulator.integration.verify(), false);
      assert.equal(emulator.world().integration.lastVerifyProblem, 'answered 401');
    }));

  it('answers an event 401 that shows another, and takes it when the operator has put that right', () =>
    withTokens(ACCESS_TOKEN, async (emulator) => {
      assert.ok(await emulator.integration.verify(), 'it was not verified');
      const ann = emulator.customer('Ann', 'SMS');
      emulator.integration.edit({ accessToken: 'mistyped' });
      assert.equal(await emulator.integration.verify(), false);
      await ann.says('hi');
      assert.deepEqual(
        ann.chat.map(({ author }) => author),
        ['customer'],
      );
      emulator.integration.edit({ accessToken: ACCESS_TOKEN });
      assert.ok(await emulator.integration.verify(), 'it was not verified again');
      await ann.reads('Echo: hi');
    }));
});
