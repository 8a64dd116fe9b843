import assert from 'node:assert/strict';
import { broken, HOUR, handOver, postsFromBot, say, setUp, type TestStage } from './support/stage';

describe('What the bot POSTs', () => {
  let stage: TestStage;
  beforeEach(async () => {
    stage = await setUp();
    await stage.engine.customer('Ada').says('Hello');
  });
  afterEach(() => stage.stop());

  it('to a conversation that it does not have is refused', async () => {
    const { engine } = stage;
    const conversationId = engine.customer('Ada').conversationId;
    assert.equal((await say(engine, 'CONV-unknown', 'a')).status, 404);
    await handOver(engine, conversationId);
    assert.equal((await say(engine, engine.world().desk[0]?.id, 'a')).status, 404);
    assert.deepEqual(broken(engine), ['wrongConversation', 'wrongConversation']);
    assert.match(postsFromBot(engine)[0]?.problems.join() ?? '', /unknown/);
    assert.match(postsFromBot(engine)[2]?.problems.join() ?? '', /an agent's/);
  });

  it('that cannot be understood is refused', async () => {
    const { engine } = stage;
    const { status, body } = await engine.receive({
      headers: { 'Content-Type': 'application/json' },
      body: 'hm',
    });
    assert.equal(status, 400);
    assert.match(body, /no JSON object/);
    assert.equal((await say(engine, undefined, 'a')).status, 400);
    assert.deepEqual(broken(engine), ['malformed', 'malformed']);
  });

  it('that cannot be read is shown, and refused as it must be', async () => {
    const { engine } = stage;
    const unreadable = { status: 413, problem: 'The body is larger than 1mb.' };
    const answer = await engine.receive({ headers: {}, body: '', unreadable });
    assert.deepEqual([answer.status, answer.body], [413, '{"error":"The body is larger than 1mb."}']);
    assert.deepEqual(postsFromBot(engine)[0]?.problems, [unreadable.problem]);
    assert.deepEqual(broken(engine), ['malformed']);
  });

  it('with a wrong field is taken, and shown to be wrong', async () => {
    const { engine } = stage;
    const body = JSON.stringify({
      eventid: '1001',
      conversation_id: engine.customer('Ada').conversationId,
      message: 'a',
    });
    const { status } = await engine.receive({ headers: { 'content-type': ['application/json'] }, body });
    assert.equal(status, 200);
    const [post] = postsFromBot(engine);
    assert.deepEqual(post?.problems, ['Messagetype is missing.', 'Timestamp is missing.']);
    assert.equal(engine.customer('Ada').chat.at(-1)?.text, 'a');
    assert.deepEqual(broken(engine), ['malformed']);
  });

  it('is shown without its secrets', async () => {
    const { engine } = stage;
    await engine.receive({ headers: { Authorization: 'Bearer sesame', 'X-Trace': 't' }, body: '{}' });
    const [post] = postsFromBot(engine);
    assert.deepEqual(post?.headers, { authorization: '…', 'x-trace': 't' });
  });

  it('may be stamped by a clock that knows nothing of a jump, or shares it', async () => {
    const { engine } = stage;
    const { conversationId } = engine.customer('Ada');
    await engine.clock.jump(5 * HOUR);
    await say(engine, conversationId, 'with its own clock', { at: Date.now() });
    await say(engine, conversationId, 'with ours', { at: engine.clock.now() });
    assert.deepEqual(broken(engine), []);
    await say(engine, conversationId, 'in another time zone', { at: engine.clock.now() + HOUR });
    assert.deepEqual(broken(engine), ['malformed']);
  });

  it('may be old when a fault has been played on it', async () => {
    const { engine } = stage;
    const { conversationId } = engine.customer('Ada');
    engine.faults.add({ direction: 'fromBot', match: { times: 1 }, effect: { kind: 'refuse' } });
    const at = engine.clock.now() - 9 * HOUR;
    await say(engine, conversationId, 'refused');
    await say(engine, conversationId, 'old', { key: '1', at });
    assert.deepEqual(broken(engine), []);
  });
});
