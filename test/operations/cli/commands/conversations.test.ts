import assert from 'node:assert/strict';
import {
  botRecord,
  closed,
  givenBack,
  know,
  tied,
  untied,
  withAgent,
} from '../../../support/conversationSamples';
import { T0 } from '../../../support/storeSamples';
import { CommandStage } from '../support/commandRun';

describe('webex-connect-bot conversations', () => {
  let stage: CommandStage;
  beforeEach(async () => {
    stage = new CommandStage();
    await stage.store.open();
    await know(
      stage.store,
      botRecord('B1', {
        channel: 'sms',
        lastEvents: [{ event: 'Incoming message', at: T0, messageId: 'M1' }],
        customParams: { customparam1: 'gold customer' },
        agentConversations: [{ id: 'A1', tiedBy: 'field', firstSeenAt: T0, lastSeenAt: T0 + 1000 }],
      }),
      withAgent('B2'),
      givenBack('B3'),
      closed('B4'),
      tied('A1', 'B1'),
      untied('A2', { channel: 'whatsapp', firstAgentMessageAt: T0 }),
    );
  });

  async function ids(...args: string[]): Promise<string[]> {
    const listed = await stage.json('conversations', 'list', ...args);
    assert.ok(typeof listed === 'object' && listed !== null && 'conversations' in listed);
    assert.ok(Array.isArray(listed.conversations));
    return listed.conversations.map(({ conversationId }) => conversationId);
  }

  it('lists the bot’s, with who has them', async () => {
    const { code, stdout } = await stage.run('conversations', 'list');
    assert.equal(code, 0);
    assert.deepEqual(stdout.replaceAll(/ {2,}/g, '  ').split('\n'), [
      'ID  STATE  CHANNEL  LAST SEEN  AGENTS  HANDOVERS',
      'B1  bot  sms  2026-03-09 14:00:00Z  1  0',
      'B2  agent  -  2026-03-09 14:00:00Z  0  1',
      'B3  bot  -  2026-03-09 14:00:00Z  0  1',
      'B4  closed  -  2026-03-09 14:00:00Z  0  0',
      '',
    ]);
  });

  it('lists those of one state, part by part', async () => {
    assert.deepEqual(await ids('--state', 'bot'), ['B1', 'B3']);
    assert.deepEqual(await ids('--state', 'agent'), ['B2']);
    assert.deepEqual(await ids('--limit', '2', '--after', 'B1'), ['B2', 'B3']);
  });

  it('lists agents’ conversations that nothing ties', async () => {
    assert.deepEqual(await ids('--untied'), ['A2']);
    const { stdout } = await stage.run('conversations', 'list', '--untied');
    assert.match(stdout, /^A2 +whatsapp +2026-03-09 14:00:00Z +2026-03-09 14:00:00Z +has spoken$/m);
  });

  it('says so when there is none', async () => {
    const empty = new CommandStage();
    assert.equal((await empty.run('conversations', 'list')).stdout, 'No conversations.\n');
    assert.equal(
      (await empty.run('conversations', 'list', '--untied')).stdout,
      'No conversation is untied.\n',
    );
  });

  it('shows one, by its id or its agent’s conversation’s, and custom parameters only when asked', async () => {
    const { code, stdout } = await stage.run('conversations', 'show', 'B1');
    assert.equal(code, 0);
    assert.match(stdout, /^State +bot$/m);
    assert.match(stdout, /^Event +2026-03-09 14:00:00Z {2}Incoming message {2}M1$/m);
    assert.match(stdout, /^Custom parameter +customparam1$/m);
    assert.match(stdout, /^Agent conversation +A1, tied by field, last seen 2026-03-09 14:00:01Z$/m);
    assert.doesNotMatch(stdout, /gold/);
    assert.equal((await stage.run('conversations', 'show', 'A1')).stdout, stdout);
    assert.match(
      (await stage.run('conversations', 'show', 'B1', '--text')).stdout,
      /customparam1 = gold customer/,
    );
  });

  it('shows its handovers, those that are over and the one that runs', async () => {
    const { stdout: running } = await stage.run('conversations', 'show', 'B2');
    assert.match(
      running,
      /^Handover +requested 2026-03-09 14:00:00Z, taken 2026-03-09 14:00:00Z, an agent spoke 2026-03-09 14:00:00Z$/m,
    );
    const { stdout: over } = await stage.run('conversations', 'show', 'B3');
    assert.match(
      over,
      /^Handover +requested 2026-03-09 14:00:00Z, failed 2026-03-09 14:00:00Z \(refused\)$/m,
    );
    const { stdout: end } = await stage.run('conversations', 'show', 'B4');
    assert.match(end, /^Closed +2026-03-09 14:00:00Z$/m);
    assert.match(
      (await stage.run('conversations', 'show', 'A2')).stdout,
      /^State +untied: an agent's, kept apart$/m,
    );
  });

  it('shows one for a script', async () => {
    assert.deepEqual(await stage.json('conversations', 'show', 'B1'), {
      conversationId: 'B1',
      kind: 'bot',
      state: 'bot',
      firstSeenAt: '2026-03-09T14:00:00.000Z',
      lastSeenAt: '2026-03-09T14:00:00.000Z',
      channel: 'sms',
      events: [{ event: 'Incoming message', at: '2026-03-09T14:00:00.000Z', messageId: 'M1' }],
      customParams: ['customparam1'],
      closedAt: null,
      agentConversations: [
        {
          id: 'A1',
          tiedBy: 'field',
          firstSeenAt: '2026-03-09T14:00:00.000Z',
          lastSeenAt: '2026-03-09T14:00:01.000Z',
        },
      ],
      handovers: [],
    });
    const withText = await stage.json('conversations', 'show', 'B1', '--text');
    assert.ok(typeof withText === 'object' && withText !== null && 'customParams' in withText);
    assert.deepEqual(withText.customParams, { customparam1: 'gold customer' });
  });

  it('knows none to show that nobody has seen: 3', async () => {
    const { code, stderr } = await stage.run('conversations', 'show', 'x');
    assert.equal(code, 3);
    assert.match(stderr, /Nothing is known of a conversation 'x'/);
  });

  it('ties an agent’s conversation', async () => {
    const { code, stdout } = await stage.run('conversations', 'tie', 'A2', 'B2');
    assert.deepEqual([code, stdout], [0, "'A2' is part of 'B2' now.\n"]);
    const record = await stage.store.findConversation('A2');
    assert.ok(record?.kind === 'tied');
    assert.deepEqual([record.botConversationId, record.tiedBy], ['B2', 'operator']);
    assert.deepEqual(await ids('--untied'), []);
  });

  it('ties nothing that is not there, and says which: 3', async () => {
    const unknownAgent = await stage.run('conversations', 'tie', 'x', 'B1');
    assert.equal(unknownAgent.code, 3);
    assert.match(unknownAgent.stderr, /No agent's conversation 'x' is known/);
    const unknownBot = await stage.run('conversations', 'tie', 'A2', 'x', '--json');
    assert.equal(unknownBot.code, 3);
    assert.match(unknownBot.stdout, /"outcome": "gone",\n +"message": "No BOT conversation 'x' is known/);
  });

  it('ties nothing that is the bot’s own: 1', async () => {
    const { code, stderr } = await stage.run('conversations', 'tie', 'B1', 'B2');
    assert.equal(code, 1);
    assert.match(stderr, /one of the bot's own/);
  });
});
