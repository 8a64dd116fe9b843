import assert from 'node:assert/strict';
import fc from 'fast-check';
import { close } from '../../src/delivery/conversationLife';
import { isGated } from '../../src/store/conversationRecord';
import { ID, Life, T } from './support/conversationLives';

const endsAmong = (told: readonly unknown[]) => told.filter((notice) => notice !== 'accepted');

describe('A conversation', () => {
  const steps = fc.array(
    fc.record({
      act: fc.constantFrom('customer', 'agent', 'agentClosed', 'close', 'handOver', 'ack', 'die'),
      skewMs: fc.integer({ min: -3000, max: 3000 }),
    }),
    { maxLength: 60 },
  );

  type Act = { readonly act: string; readonly at: number; readonly now: number; readonly handover: number };
  const acts: Record<string, (life: Life, act: Act) => void> = {
    customer: (life, { at, now }) => life.customer(at, { receivedAt: now }),
    agent: (life, { at, handover }) => life.agent(at, `a${handover}`),
    agentClosed: (life, { at, handover }) => life.agent(at, `a${handover}`, 'agentClosed'),
    close: (life, { now }) => life.play(close(ID, now)),
    handOver: (life, { now, handover }) => life.handOver(now, `h${handover + 1}`),
    ack: (life, { now, handover }) => life.acknowledge(now, `h${handover}`),
    die: (life, { now, handover }) => life.die(now, `h${handover}`),
  };

  it('never opens the gate but by an end of the handover, and tells the bot of each end', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const life = new Life().customer(T);
        let handover = 0;
        for (const [index, { act, skewMs }] of history.entries()) {
          const wasGated = isGated(life.record);
          const told = life.told.length;
          const now = T + (index + 1) * 1000;
          acts[act]?.(life, { act, at: now + skewMs, now, handover });
          if (act === 'handOver' && !wasGated) handover++;
          const isOpened = wasGated && !isGated(life.record);
          const ends = endsAmong(life.told.slice(told));
          assert.equal(ends.length, isOpened ? 1 : 0, `${act}: the gate and the notices disagree`);
        }
        const kept = life.bot.pastHandovers.length + Number(isGated(life.record));
        assert.equal(kept, handover, 'each handover is kept');
      }),
    );
  });
});
