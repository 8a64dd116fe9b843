import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { parseScenario } from '../../src/scenario/parseScenario';
import { Recorder } from '../../src/scenario/recorder';
import { runScenario } from '../../src/scenario/runScenario';
import { FakeEmulator } from '../support/fakeEmulator';

describe('The recorder', () => {
  let emulator: FakeEmulator;
  let recorder: Recorder;

  beforeEach(() => {
    emulator = new FakeEmulator();
    recorder = new Recorder(emulator);
  });

  const says = (customer: string, text: string) =>
    recorder.record({ customer, says: text }, () => emulator.customer(customer).says(text));

  it('writes down what was done and what the bot did, in order, so that it can be played', async () => {
    emulator.customer('Ann', 'SMS');
    emulator.customer('Bob', 'APP');
    emulator.bot = (text) => `Echo: ${text}`;
    recorder.start();
    await says('Ann', 'hi: "you"\nthere');
    emulator.handsOver('Ann');
    recorder.did({ clock: { jump: 1000 } });
    const text = recorder.stop('A story');

    assert.deepEqual(parse(text), {
      name: 'A story',
      settings: { platform: 'OTHERS', rule: 'BOT', dialect: 'documented' },
      customers: { Ann: 'SMS' },
      steps: [
        { customer: 'Ann', says: 'hi: "you"\nthere' },
        { customer: 'Ann', reads: { exactly: 'Echo: hi: "you"\nthere' } },
        { expect: 'handover', of: 'Ann' },
        { clock: { jump: 1000 } },
      ],
    });
    const played = new FakeEmulator();
    played.bot = emulator.bot;
    played.handsOver('Ann');
    const { passed } = await runScenario(played, parseScenario(text));
    assert.ok(passed, 'it does not pass');
  });

  it('leaves out what was before, and what could not be done', async () => {
    emulator.shows('Ann', 'bot', 'before');
    emulator.handsOver('Ann');
    recorder.start();
    emulator.changed();
    await assert.rejects(
      recorder.record({ rule: 'BOT' }, () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.deepEqual(parse(recorder.stop()).steps, []);
  });

  it('begins with the faults and the state that there are', async () => {
    await emulator.customer('Ann').says('hi');
    emulator.faults.add({
      direction: 'toBot',
      match: { conversationId: 'conversation of Ann', attempt: 1 },
      effect: { kind: 'refuse' },
    });
    emulator.clock.pause();
    emulator.integrationView = { ...emulator.integrationView, status: 'unverified' };
    recorder.start();
    const { settings, steps } = parse(recorder.stop());
    assert.deepEqual([settings.clock, settings.verified], ['paused', false]);
    assert.deepEqual(steps[0].fault.match, { attempt: 1, customer: 'Ann' });
  });

  it('expects that the integration turns inactive, and nothing of the judge', () => {
    recorder.start();
    emulator.violates('doubled');
    emulator.integrationView = { ...emulator.integrationView, status: 'inactive' };
    emulator.changed();
    emulator.changed();
    assert.deepEqual(parse(recorder.stop()).steps, [{ expect: 'integration', status: 'inactive' }]);
  });

  it('reads only the chats in which something was said', () => {
    for (let n = 0; n < 50; n++) emulator.shows(`Customer ${n}`, 'bot', 'before');
    recorder.start();
    let reads = 0;
    for (const customer of emulator.customers) {
      const { chat } = customer;
      Object.defineProperty(chat, 'filter', { value: () => reads++ });
    }
    emulator.shows('Ann', 'bot', 'Hello');
    emulator.changed();
    assert.equal(reads, 0);
    assert.deepEqual(parse(recorder.stop()).steps, [{ customer: 'Ann', reads: { exactly: 'Hello' } }]);
  });

  it('records once at a time, and listens no longer than that', () => {
    assert.throws(() => recorder.stop(), { name: 'RecordingError' });
    recorder.start();
    assert.throws(() => recorder.start(), { name: 'RecordingError' });
    recorder.stop();
    assert.equal(emulator.listenerCount, 0);
    recorder.did({ rule: 'BOT' });
    recorder.start();
    assert.deepEqual(parse(recorder.stop()).steps, []);
  });
});
