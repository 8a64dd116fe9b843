import assert from 'node:assert/strict';
import { eventually } from '../support/scene';
import { describeLife, handOver } from './support/lives';

describeLife((open) => {
  it('keeps two customers apart whose agents’ conversations carry no link', async () => {
    const scene = await open();
    await handOver(scene, 'C1');
    await handOver(scene, 'C2', 2);
    await scene.mirrored('secret of one', { agentId: 'A1' });
    await scene.mirrored('secret of two', { agentId: 'A2' });
    await scene.mirrored('answer of one', { agentId: 'A1', author: 'customer' });
    await scene.settled();
    for (const id of ['C1', 'C2']) {
      const said = (await scene.transcript(id)).join();
      assert.ok(!said.includes('secret'), `${id} shows what nobody tied to it`);
      assert.equal(await scene.state(id), 'handingOver');
    }
    assert.deepEqual(await scene.transcript('A1'), ['agent: secret of one', 'customer: answer of one']);
    const untied = await scene.adapter.conversations.listUntied();
    assert.deepEqual(
      untied.map(({ conversationId }) => conversationId),
      ['A1', 'A2'],
    );

    await scene.adapter.conversations.tie('A1', 'C1');
    await eventually('the bot is told', () => scene.statuses.length > 0);
    await scene.mirrored('more of one', { agentId: 'A1' });
    await scene.settled();
    assert.deepEqual((await scene.transcript('C1')).slice(-3), [
      'agent: secret of one',
      'customer: answer of one',
      'agent: more of one',
    ]);
    assert.deepEqual(await scene.transcript('A1'), []);
    assert.deepEqual([await scene.state('C1'), await scene.state('C2')], ['agent', 'handingOver']);
    assert.ok(!(await scene.transcript('C2')).join().includes('one of'), 'C2 shows what is of C1');
    await assert.rejects(scene.adapter.conversations.tie('A1', 'C2'), {
      code: 'WEBEX_CONNECT_NOT_SUPPORTED',
    });
    await assert.rejects(scene.adapter.conversations.tie('A2', 'C9'), { code: 'WEBEX_CONNECT_NOT_FOUND' });
    await assert.rejects(scene.adapter.conversations.tie('A9', 'C2'), { code: 'WEBEX_CONNECT_NOT_FOUND' });
  });

  it('ties what came before the field that names the bot’s conversation', async () => {
    const scene = await open();
    await handOver(scene);
    await scene.mirrored('early', { agentId: 'A1' });
    await scene.mirrored('linked', { agentId: 'A1', tiedTo: 'C1' });
    await scene.mirrored('later', { agentId: 'A1' });
    await scene.settled();
    assert.deepEqual((await scene.transcript()).slice(-3), ['agent: early', 'agent: linked', 'agent: later']);
    assert.deepEqual(await scene.adapter.conversations.listUntied(), []);
    assert.deepEqual(scene.statuses, ['accepted']);
  });

  it('ties an agent’s conversation that has the same ID', async () => {
    const scene = await open();
    await handOver(scene);
    await scene.mirrored('same', { agentId: 'C1' });
    await scene.settled();
    assert.equal(await scene.state(), 'agent');
    assert.deepEqual(scene.statuses, ['accepted']);
    assert.equal((await scene.transcript()).at(-1), 'agent: same');
    const [mirror] = scene.seen.filter(({ name }) => name === 'webexConnect.mirroredMessage');
    assert.equal(mirror?.value?.isTied, true);
  });

  it('ties with the option’s function where nothing else does', async () => {
    const botConversationOf = ({ payload }: { payload: Readonly<Record<string, unknown>> }) =>
      payload.Conversationid === 'A1' ? 'C1' : undefined;
    const scene = await open({ adapter: { translation: { botConversationOf } } });
    await handOver(scene);
    await scene.mirrored('by function', { agentId: 'A1' });
    await scene.mirrored('apart', { agentId: 'A2' });
    await scene.settled();
    assert.equal((await scene.transcript()).at(-1), 'agent: by function');
    assert.deepEqual(
      (await scene.adapter.conversations.listUntied()).map(({ conversationId }) => conversationId),
      ['A2'],
    );
  });
});
