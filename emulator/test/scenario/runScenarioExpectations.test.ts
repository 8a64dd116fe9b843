import assert from 'node:assert/strict';
import type { FakeEmulator } from '../support/fakeEmulator';
import { Story } from './support/story';

describe('Running a scenario', () => {
  let emulator: FakeEmulator;
  let run: Story['run'];
  let passes: Story['passes'];
  let fails: Story['fails'];

  beforeEach(() => {
    ({ emulator, run, passes, fails } = new Story());
  });

  describe('expects that a customer reads', () => {
    const hi = { customer: 'Ann', says: 'hi' };

    beforeEach(() => {
      emulator.bot = (text) => `Echo: ${text}`;
    });

    it('words, a whole text, or what matches', async () => {
      await passes([hi, { customer: 'Ann', reads: 'Echo' }]);
      await passes([hi, { customer: 'Ann', reads: { exactly: 'Echo: hi' } }]);
      await passes([hi, { customer: 'Ann', reads: { matches: '^Echo: \\w+$' } }]);
      await fails(/was to read exactly "Echo", but read "Echo: hi"/, [
        hi,
        { customer: 'Ann', reads: { exactly: 'Echo' } },
      ]);
      await fails(/was to read what matches \/\^hi\//, [hi, { customer: 'Ann', reads: { matches: '^hi' } }]);
    });

    it('each message once, in order', async () => {
      const again = { customer: 'Ann', says: 'there' };
      await passes([hi, again, { customer: 'Ann', reads: 'hi' }, { customer: 'Ann', reads: 'there' }]);
      await fails(/read nothing/, [
        hi,
        { customer: 'Ann', reads: 'Echo: hi' },
        { customer: 'Ann', reads: 'Echo' },
      ]);
    });

    it('what the one who is named wrote', async () => {
      emulator.bot = () => {
        emulator.shows('Ann', 'agent', 'Hello');
        return undefined;
      };
      await passes([hi, { customer: 'Ann', reads: 'Hello', from: 'agent' }]);
      await fails(/read nothing/, [hi, { customer: 'Ann', reads: 'Hello' }]);
    });

    it('nothing that was said before', async () => {
      emulator.shows('Ann', 'bot', 'Hello');
      await fails(/read nothing/, [{ customer: 'Ann', reads: 'Hello' }]);
    });

    it('what comes later', async () => {
      const running = run([{ customer: 'Ann', reads: 'Hello' }], { patience: '1m' });
      while (emulator.listenerCount === 0) await new Promise(setImmediate);
      emulator.shows('Ann', 'bot', 'Not yet');
      emulator.shows('Ann', 'bot', 'Hello');
      assert.ok((await running).passed, 'it passed');
      assert.equal(emulator.listenerCount, 0);
    });

    it('a whole chat', async () => {
      const sees = [{ customer: 'hi' }, { bot: { exactly: 'Echo: hi' } }];
      await passes([hi, { customer: 'Ann', sees }]);
      ({ emulator, fails, passes } = new Story());
      emulator.bot = (text) => `Echo: ${text}`;
      await fails(/The chat was to be/, [hi, { customer: 'Ann', sees: [...sees, { bot: 'more' }] }]);
      await fails(/The chat was to be\n {2}bot: "hi"\nbut is\n/, [
        { customer: 'Ann', sees: [{ bot: 'hi' }] },
      ]);
    });
  });

  describe('expects', () => {
    it('a handover, with what came along', async () => {
      await fails(/Ann was not handed over/, [{ expect: 'handover', of: 'Ann' }]);
      emulator.handsOver('Ann', { customparam1: 'asked' });
      await passes([{ expect: 'handover', of: 'Ann', customParams: { customparam1: 'ask' } }]);
      const wrong = { expect: 'handover', of: 'Ann', customParams: { customparam2: 'x' } };
      await fails(/customparam2 of the handover was to be "x", but is undefined/, [wrong]);
    });

    it('a holder', async () => {
      await passes([{ expect: 'holder', of: 'Ann', is: 'bot' }]);
      await fails(/The holder of Ann was to be contactCentre/, [
        { expect: 'holder', of: 'Ann', is: 'contactCentre' },
      ]);
    });

    it('a state of the integration', async () => {
      await passes([{ expect: 'integration', status: 'active', failures: 0 }]);
      await fails(/was to be inactive after 5 failures, but is active after 0/, [
        { expect: 'integration', status: 'inactive', failures: 5 },
      ]);
    });

    it('what became of an event', async () => {
      const hi = { customer: 'Ann', says: 'hi' };
      await fails(/Ann has no conversation yet/, [{ expect: 'event', of: 'Ann', state: 'answered' }]);
      await fails(/There was no 'Incoming message' of Ann/, [
        hi,
        { expect: 'event', of: 'Ann', state: 'answered' },
      ]);
      emulator.wire.push({
        kind: 'toBot',
        id: 'event-1',
        conversationId: 'conversation of Ann',
        event: 'Incoming message',
        body: '{}',
        state: 'gaveUp',
        dueAt: undefined,
        attempts: [],
      });
      await passes([{ expect: 'event', of: 'Ann', state: 'gaveUp', attempts: 0 }]);
      await fails(/was to be answered, but is gaveUp/, [{ expect: 'event', of: 'Ann', state: 'answered' }]);
      await passes([{ resend: { customer: 'Ann', event: 'Incoming message' } }]);
      await fails(/no such event/, [{ resend: { customer: 'Ann', back: 1 } }]);
    });

    it('that the bot cannot be verified', async () => {
      await fails(/was verified, and was not to be/, [{ integration: 'verifyFails' }]);
      emulator.canVerify = false;
      await passes([{ integration: 'verifyFails' }]);
    });
  });
});
