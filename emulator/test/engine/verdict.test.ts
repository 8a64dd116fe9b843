import assert from 'node:assert/strict';
import { say, setUp, type TestStage } from './support/stage';

describe('The verdict', () => {
  let stage: TestStage;
  beforeEach(async () => {
    stage = await setUp({ answerExpectedWithinMs: 20 });
  });
  afterEach(() => stage.stop());

  const rules = async () => (await stage.engine.judge.verdict()).map(({ rule }) => rule);

  it('is given at once when the bot owes nothing', async () => {
    const { engine } = stage;
    const ada = engine.customer('Ada');
    await ada.says('Hello');
    await say(engine, ada.conversationId, 'Good day');
    assert.deepEqual(await rules(), []);
  });

  it('waits until the time of a silent bot is over', async () => {
    await stage.engine.customer('Ada').says('Hello');
    assert.deepEqual(stage.engine.judge.settle(), []);
    let isGiven = false;
    const verdict = rules().finally(() => {
      isGiven = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(isGiven, false);
    stage.realTime.now += 20;
    assert.deepEqual(await verdict, ['unanswered']);
  });

  it('waits no longer than the bot needs', async () => {
    const slow = await setUp({ answerExpectedWithinMs: 600_000 });
    try {
      const { engine } = slow;
      const ada = engine.customer('Ada');
      await ada.says('Hello');
      const verdict = engine.judge.verdict();
      await new Promise(setImmediate);
      await say(engine, ada.conversationId, 'Good day');
      assert.deepEqual(await verdict, []);
    } finally {
      await slow.stop();
    }
  });

  it('is given when the emulator stops', async () => {
    const slow = await setUp({ answerExpectedWithinMs: 600_000 });
    await slow.engine.customer('Ada').says('Hello');
    const verdict = slow.engine.judge.verdict();
    await new Promise(setImmediate);
    await slow.stop();
    assert.deepEqual(await verdict, []);
  });
});
