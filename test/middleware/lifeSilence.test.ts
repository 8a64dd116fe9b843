import assert from 'node:assert/strict';
import { type ConversationReference, MessageFactory, ShowTypingMiddleware, TurnContext } from 'botbuilder';
import { WebexConnectHandedOverError } from '../../src';
import { eventually, serviceDesk } from '../support/scene';
import { describeLife, handOver } from './support/lives';

describeLife((open) => {
  it('shows the customer nothing of ShowTypingMiddleware, a proactive message or a slow turn', async () => {
    let goOn: () => void = () => {};
    let reference: Partial<ConversationReference> = {};
    const scene = await open({
      middleware: [new ShowTypingMiddleware(0, 5)],
      logic: async (context) => {
        reference = TurnContext.getConversationReference(context.activity);
        if (context.activity.text === 'slow') {
          await new Promise<void>((resolve) => {
            goOn = resolve;
          });
          await context.sendActivity('late');
        } else await serviceDesk(context);
      },
    });
    await scene.customer('hello');
    await scene.settled();
    await scene.customer('slow');
    await eventually('the slow turn runs', () => scene.seen.at(-1)?.text === 'slow');
    for (const { adapter } of scene.replicas.slice(-1)) {
      await adapter.continueConversation(reference, async (context) => {
        await context.sendActivity({ type: 'event', name: 'handoff.initiate', value: {} });
      });
    }
    await eventually('the handover is taken', () => scene.shown().includes('<1002>'));
    goOn();
    await scene.mirrored('an agent', { tiedTo: 'C1' });
    for (const { adapter } of scene.replicas) {
      await adapter.continueConversation(reference, async (context) => {
        const [response] = await context.sendActivities([MessageFactory.text('proactive')]);
        assert.deepEqual(response, { id: '' });
      });
    }
    await scene.settled();
    assert.deepEqual(scene.shown(), ['Echo: hello', '<1002>']);
    const suppressed = scene.replicas.map(({ adapter }) => adapter.counters.get('messages_suppressed_total'));
    const sum = suppressed.reduce((left, right) => left + right, 0);
    // The slow turn's message, what the bot says to two events, and one proactive message per replica.
    assert.equal(sum, 3 + scene.replicas.length);
    assert.ok(!(await scene.transcript()).join().includes('proactive'), 'what was held back was not said');
  });

  it('throws at what the bot says meanwhile, when it is told to', async () => {
    const scene = await open({
      handover: { whileAgentHasIt: 'throw' },
      logic: async (context) => {
        if (context.activity.type === 'message') await serviceDesk(context).catch(note);
      },
    });
    const thrown: unknown[] = [];
    function note(error: unknown) {
      thrown.push(error);
    }
    await handOver(scene);
    assert.equal(thrown.length, 1);
    assert.ok(thrown[0] instanceof WebexConnectHandedOverError, 'another error was thrown');
    assert.deepEqual(scene.shown(), ['one moment', '<1002>']);
  });
});
