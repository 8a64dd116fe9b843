import assert from 'node:assert/strict';
import { z } from 'zod';
import { createEmulator, type Emulator, parseScenario, runScenario, type ScenarioResult } from '../../src';
import { BOT_TOKEN, DeskBot } from '../support/deskBot';

const RECORDED = z.object({ scenario: z.string() });

describe('What was done over REST, recorded,', () => {
  let emulator: Emulator;
  let bot: DeskBot;

  async function setUp(): Promise<void> {
    bot = new DeskBot();
    await bot.start();
    emulator = await createEmulator({ botUrl: bot.url, verificationToken: BOT_TOKEN });
    bot.webhookUrl = emulator.webhookUrl;
  }

  async function tearDown(): Promise<void> {
    await bot.end();
    await emulator.stop();
  }

  beforeEach(setUp);
  afterEach(tearDown);

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${emulator.url}/api${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await answer.text();
    assert.equal(answer.status, 200, `${method} ${path}: ${text}`);
    return JSON.parse(text);
  }

  /** Does it, and lets the bot answer. */
  async function post(path: string, body?: object): Promise<void> {
    await call('POST', path, body);
    await rest();
  }

  async function rest(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      await emulator.idle();
      await bot.whenIdle();
    }
  }

  const idOf = (name: string) => emulator.world().customers.find((customer) => customer.name === name)?.id;
  const deskOf = (name: string) =>
    emulator.world().desk.findLast(({ customerName }) => customerName === name)?.id;

  /** Plays it on another emulator, with a bot that remembers nothing. */
  async function replay(): Promise<ScenarioResult> {
    const { scenario } = RECORDED.parse(await call('POST', '/recording/stop', { name: 'Recorded' }));
    await tearDown();
    await setUp();
    const result = await runScenario(emulator, parseScenario(scenario), { whenIdle: () => bot.whenIdle() });
    const problem = result.steps.find(({ status }) => status === 'failed')?.problem;
    assert.ok(result.passed, `${problem}\n${scenario}`);
    return result;
  }

  it('passes: customers on their channels, handovers, agents with no name, faults, and the clock', async () => {
    await call('POST', '/recording/start');
    await post('/integration/verify');
    await post('/customers', { name: 'Ann', channel: 'WHATSAPP' });
    await post('/customers', { name: 'Bob: "the" builder', channel: 'EMAIL' });
    await post(`/customers/${idOf('Ann')}/say`, { text: 'When are you open?\n- today\n' });
    await post('/clock/pause');
    await post(`/customers/${idOf('Bob: "the" builder')}/tap`, { payload: 'TRACK_ORDER' });
    await post('/faults', {
      direction: 'toBot',
      match: { customer: 'Ann', times: 1 },
      effect: { kind: 'timeOut' },
    });
    await post(`/customers/${idOf('Ann')}/say`, { text: '123456' });
    await post('/clock/step');
    await call('DELETE', '/faults');
    await post('/clock/jump', { milliseconds: 10_000 });
    await post(`/customers/${idOf('Ann')}/say`, { text: 'agent' });
    await post(`/desk/${deskOf('Ann')}/pick-up`);
    await post(`/desk/${deskOf('Ann')}/say`, { text: 'Hello' });
    await post(`/desk/${deskOf('Ann')}/transfer`, { agent: 'Lee' });
    await post(`/desk/${deskOf('Ann')}/close`);
    await post('/clock/jump', { milliseconds: 10_000 });
    await post(`/customers/${idOf('Ann')}/send`, { mediaUrl: 'https://example.com/a.png', text: 'human' });
    await post(`/desk/${deskOf('Ann')}/close`);
    await post('/clock/resume');
    await post(`/customers/${idOf('Ann')}/acknowledge`);
    await replay();
    assert.deepEqual(
      emulator.world().customers.map(({ name, channel }) => [name, channel]),
      [
        ['Ann', 'WHATSAPP'],
        ['Bob: "the" builder', 'EMAIL'],
      ],
    );
  });

  it('passes: with a fault that was there before, for a customer who had been there before', async () => {
    await emulator.integration.verify();
    await post('/customers', { name: 'Ann', channel: 'SMS' });
    await post(`/customers/${idOf('Ann')}/say`, { text: 'hi' });
    const { conversationId } = emulator.customer('Ann');
    await post('/faults', {
      direction: 'toBot',
      match: { conversationId },
      effect: { kind: 'duplicate', copies: 2 },
    });
    await call('POST', '/recording/start');
    await post(`/customers/${idOf('Ann')}/say`, { text: 'When are you open?' });
    const { steps } = await replay();
    assert.match(steps[1]?.title ?? '', /duplicate, toBot/);
    assert.equal(emulator.world().customers[0]?.channel, 'SMS');
    const events = emulator.world().wire.filter(({ kind }) => kind === 'toBot');
    assert.equal(events.length, 4, 'the fault was not played');
  });

  it('leaves out a fault for a conversation that nobody has, and ties that of an agent to the customer', async () => {
    await emulator.integration.verify();
    await post('/customers', { name: 'Ann', channel: 'SMS' });
    await post(`/customers/${idOf('Ann')}/say`, { text: 'agent' });
    await call('POST', '/recording/start');
    const effect = { kind: 'refuse' };
    await call('POST', '/faults', { direction: 'toBot', match: { conversationId: 'nobody' }, effect });
    await call('POST', '/faults', { direction: 'toBot', match: { conversationId: deskOf('Ann') }, effect });
    const { scenario } = RECORDED.parse(await call('POST', '/recording/stop'));
    assert.doesNotMatch(scenario, /nobody/);
    assert.match(scenario, /customer: Ann/);
    assert.equal(parseScenario(scenario).steps.length, 1);
  });
});
