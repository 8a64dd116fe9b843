import assert from 'node:assert/strict';
import { know, tied, untied } from '../../../support/conversationSamples';
import { acceptAll, stageAll } from '../../../support/storeSteps';
import { CommandStage } from '../support/commandRun';
import { AGENT_CONVERSATION, CONVERSATION, tellStory } from '../support/story';

const LIFE = [
  '13:30:00.000Z life first seen',
  '13:30:00.000Z event event-1 received from Webex Connect',
  '13:30:00.080Z message event-1.1 stored for webhook',
  '13:30:00.090Z turn event-1 attempt 1: completed',
  '13:30:00.300Z send event-1.1 attempt 1 to webhook: failed: the webhook answered 503',
  '13:30:05.120Z send event-1.1 attempt 2 to webhook: delivered',
  '13:35:00.000Z event event-2 received from Webex Connect',
  '13:35:00.080Z message event-2.1 stored for webhook',
  '13:35:00.090Z turn event-2 attempt 1: completed',
  '13:35:00.250Z send event-2.1 attempt 1 to webhook: the webhook answered 400; a dead letter',
  '13:38:00.000Z event event-3 received from Webex Connect',
  '13:38:00.010Z turn event-3 attempt 1: failed: TypeError',
  '13:38:01.010Z turn event-3 attempt 2: TypeError; quarantined',
  '13:45:00.000Z handover handover-1 the bot hands over',
  '13:45:00.400Z handover handover-1 the contact centre has it',
  `13:45:40.000Z life ${AGENT_CONVERSATION} an agent's conversation begins, tied by field`,
  '13:45:40.000Z handover handover-1 an agent has spoken',
  '13:58:00.000Z handover handover-1 the bot has it again',
];

describe('webex-connect-bot explain', () => {
  let stage: CommandStage;
  beforeEach(async () => {
    stage = new CommandStage();
    await stage.store.open();
    await tellStory(stage.store);
  });

  /** The lines below the head, with single blanks and without the day. */
  async function lines(...args: string[]): Promise<string[]> {
    const { code, stdout } = await stage.run('explain', ...args);
    assert.equal(code, 0);
    const [, , ...rows] = stdout.trimEnd().split('\n');
    return rows.map((row) => row.replace('2026-03-09 ', '').replaceAll(/ +/g, ' '));
  }

  it('tells the life of a conversation, turn by turn, each attempt, in the order of the times', async () => {
    assert.deepEqual(await lines(CONVERSATION), LIFE);
  });

  it('tells nobody’s words unless it is asked to', async () => {
    assert.doesNotMatch((await stage.run('explain', CONVERSATION)).stdout, /4711|gold/);
    assert.doesNotMatch((await stage.run('explain', CONVERSATION, '--json')).stdout, /4711|gold/);
    const said = (await lines(CONVERSATION, '--text')).filter((line) => line.includes('4711'));
    assert.deepEqual(said, [
      '13:30:00.000Z customer my PIN is 4711',
      '13:35:00.000Z customer my PIN is 4711',
    ]);
  });

  it('takes the id of an agent’s conversation, and tells what came before it was tied', async () => {
    await acceptAll(stage.store, AGENT_CONVERSATION, ['early']);
    await know(stage.store, tied(AGENT_CONVERSATION, CONVERSATION));
    const told = await lines(AGENT_CONVERSATION);
    assert.deepEqual(told, await lines(CONVERSATION));
    assert.equal(told.length, LIFE.length + 1);
    assert.equal(told.at(-1), '14:00:00.000Z event early received from Webex Connect');
    const { stdout } = await stage.run('explain', AGENT_CONVERSATION);
    assert.match(stdout, new RegExp(`^Conversation ${CONVERSATION}: bot$`, 'm'));
  });

  it('tells of one that is kept apart', async () => {
    await know(stage.store, untied('A9'));
    const { stdout } = await stage.run('explain', 'A9');
    assert.match(stdout, /^Conversation A9: untied$/m);
  });

  it('tells of one that nobody tracks what happened to its events and messages', async () => {
    await stageAll(stage.store, 'untracked', ['m']);
    assert.deepEqual(await lines('untracked'), ['14:00:00.000Z message m stored for webhook']);
    const json = await stage.json('explain', 'untracked');
    assert.ok(typeof json === 'object' && json !== null && 'conversation' in json);
    assert.equal(json.conversation, null);
  });

  it('tells what happened since a time', async () => {
    assert.deepEqual(await lines(CONVERSATION, '--since', '2m'), LIFE.slice(-1));
    assert.deepEqual(
      (await stage.run('explain', CONVERSATION, '--since', '1m')).stdout.split('\n').slice(1),
      ['Nothing has happened in it.', ''],
    );
  });

  it('tells a long life whole', async () => {
    const ids = Array.from({ length: 1203 }, (_, index) => `m${index}`);
    await stageAll(stage.store, 'long', ids);
    assert.equal((await lines('long')).length, 1203);
  });

  it('tells a script', async () => {
    const json = await stage.json('explain', CONVERSATION);
    assert.ok(typeof json === 'object' && json !== null && 'entries' in json && Array.isArray(json.entries));
    assert.equal(json.entries.length, LIFE.length);
    const { id: _, ...attempt } = json.entries[4];
    assert.deepEqual(attempt, {
      at: '2026-03-09T13:30:00.300Z',
      kind: 'sendAttempt',
      conversationId: CONVERSATION,
      messageId: 'event-1.1',
      destination: 'webhook',
      attempt: 1,
      outcome: 'failed',
      reason: 'the webhook answered 503',
      isAmbiguous: false,
    });
    assert.deepEqual(json.entries.at(-1), {
      at: '2026-03-09T13:58:00.000Z',
      kind: 'handoverEnded',
      handoverId: 'handover-1',
      outcome: 'completed',
      reason: '',
    });
  });

  it('knows nothing of one that nobody has seen: 3', async () => {
    const { code, stderr } = await stage.run('explain', 'x');
    assert.equal(code, 3);
    assert.match(stderr, /Nothing is known of a conversation 'x'/);
  });
});
