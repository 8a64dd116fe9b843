import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryStore } from '../../../src';
import { BestEffortRecord, type RecordShape } from '../../../src/operations/health/bestEffortRecord';
import { HEALTHY } from '../../../src/store/deliveryStore';
import { ManualClock } from '../../../src/testing';
import { letEventLoopTurn } from '../../support/eventLoop';
import { interceptStore } from '../../support/interceptStore';
import { MoodyStore } from '../../support/moodyStore';
import { SharedStore } from '../../support/sharedStore';
import { signal } from '../../support/signal';

/** A sum. */
const SUM: RecordShape<number, number> = {
  name: '@sum',
  read: ({ consecutiveFailures }) => consecutiveFailures,
  write: (sum) => ({ status: 'active', consecutiveFailures: sum }),
  apply: (sum, change) => sum + change,
  merge: (earlier, later) => earlier + later,
};

class Bench {
  readonly clock = new ManualClock();
  readonly moody: MoodyStore;
  readonly news: string[] = [];
  readonly failures: unknown[] = [];
  sum = 0;
  readonly record: BestEffortRecord<number, number>;

  constructor(moody = new MoodyStore()) {
    this.moody = moody;
    this.record = new BestEffortRecord(
      { store: moody.store, clock: this.clock },
      SUM,
      0,
      (news, stored) => this.news.push(`${news} ${stored}, ${this.record.value} in all`),
      (error) => this.failures.push(error),
    );
  }

  static async open(moody = new MoodyStore()): Promise<Bench> {
    await moody.memory.open();
    const bench = new Bench(moody);
    await bench.record.open();
    return bench;
  }

  /** Takes a change in, and adds it to {@link sum}. */
  note(change: number): void {
    this.sum += change;
    this.record.note(change);
  }

  async stored(): Promise<number> {
    return (await this.moody.memory.loadHealth('@sum')).consecutiveFailures;
  }
}

describe('BestEffortRecord', () => {
  it('knows a change at once, and the store soon after', async () => {
    const bench = await Bench.open();
    bench.record.note(2);
    bench.record.note(3);
    assert.equal(bench.record.value, 5);
    assert.equal(bench.record.isSettled, false);
    await letEventLoopTurn();
    assert.equal(await bench.stored(), 5);
    assert.equal(bench.record.isSettled, true);
  });

  it('tells what an earlier life has left, before what has happened since', async () => {
    const moody = new MoodyStore();
    await moody.memory.open();
    await moody.memory.updateHealth('@sum', () => ({ status: 'active', consecutiveFailures: 4 }));
    const bench = new Bench(moody);
    bench.record.note(1);
    await bench.record.open();
    await letEventLoopTurn();
    assert.deepEqual(bench.news, ['restored 4, 5 in all', 'changed 5, 5 in all']);
  });

  it('learns what an earlier life has left with the first write, when it could not be read before', async () => {
    const moody = new MoodyStore();
    await moody.memory.open();
    await moody.memory.updateHealth('@sum', () => ({ status: 'active', consecutiveFailures: 4 }));
    moody.be('down', 'loadHealth');
    const bench = await Bench.open(moody);
    assert.deepEqual(bench.news, []);
    bench.record.note(1);
    await letEventLoopTurn();
    assert.deepEqual(bench.news, ['restored 4, 5 in all', 'changed 5, 5 in all']);
  });

  it('keeps what the store does not take, and stores all of it when the store is back', async () => {
    const bench = await Bench.open();
    bench.moody.be('down');
    for (let change = 0; change < 10_000; change++) bench.record.note(1);
    await bench.clock.advance(60_000);
    bench.record.note(1);
    assert.equal(bench.record.value, 10_001);
    assert.equal(await bench.stored(), 0);
    assert.ok(bench.failures.length > 5);
    bench.moody.beWell();
    await bench.clock.advance(10_000);
    assert.equal(await bench.stored(), 10_001);
    assert.equal(bench.record.value, 10_001);
  });

  it('asks a store that hangs for one thing at a time', async () => {
    const bench = await Bench.open();
    bench.moody.be('hanging');
    for (let change = 0; change < 100; change++) {
      bench.record.note(1);
      await letEventLoopTurn(1);
    }
    assert.equal(bench.moody.callsOf('updateHealth'), 1);
    bench.moody.beWell();
    await letEventLoopTurn();
    assert.equal(bench.moody.callsOf('updateHealth'), 2);
    assert.equal(await bench.stored(), 100);
  });

  it('leaves the store alone before it is opened and after it is closed, and keeps what happens meanwhile', async () => {
    const bench = new Bench();
    bench.record.note(1);
    await letEventLoopTurn();
    assert.equal(bench.moody.callsOf('updateHealth'), 0);
    await bench.moody.memory.open();
    await bench.record.open();
    await letEventLoopTurn();
    assert.equal(await bench.stored(), 1);
    bench.record.close();
    bench.record.note(1);
    await letEventLoopTurn();
    assert.equal(bench.moody.callsOf('updateHealth'), 1);
    await bench.record.open();
    await letEventLoopTurn();
    assert.equal(await bench.stored(), 2);
  });

  it('ends its tries when it is closed, so that no timer keeps the process', async () => {
    const bench = await Bench.open();
    bench.moody.be('down');
    bench.record.note(1);
    await bench.clock.advance(1000);
    bench.record.close();
    await bench.clock.advance(10_000);
    assert.equal(bench.clock.nextTimerIn, undefined);
    assert.equal(bench.record.value, 1);
  });

  it('stops when the store is closed under it', async () => {
    const bench = await Bench.open();
    await bench.moody.memory.close();
    bench.record.note(1);
    await bench.clock.advance(60_000);
    assert.equal(bench.moody.callsOf('updateHealth'), 1);
    assert.equal(bench.clock.nextTimerIn, undefined);
    bench.record.note(1);
    assert.equal(bench.record.value, 2);
    await bench.moody.memory.open();
    await bench.record.open();
    await letEventLoopTurn();
    assert.equal(await bench.stored(), 2);
  });

  it('does not look again at a store that nobody else writes to', async () => {
    const bench = await Bench.open();
    await bench.clock.advance(60_000);
    await bench.record.refresh(1000);
    assert.equal(bench.moody.callsOf('loadHealth'), 1);
  });

  it('looks at a shared store no more often than it is told to, and adds what happened here', async () => {
    const memory = new MemoryStore();
    await memory.open();
    const clock = new ManualClock();
    const { store } = new SharedStore(memory);
    const news: string[] = [];
    const record: BestEffortRecord<number, number> = new BestEffortRecord(
      { store, clock },
      SUM,
      0,
      (kind, stored) => news.push(`${kind} ${stored}`),
      () => {},
    );
    await record.open();
    await memory.updateHealth('@sum', () => ({ status: 'active', consecutiveFailures: 7 }));
    await clock.advance(999);
    await record.refresh(1000);
    assert.equal(record.value, 0);
    await clock.advance(1);
    await record.refresh(1000);
    assert.equal(record.value, 7);
    record.note(1);
    await letEventLoopTurn();
    assert.equal((await memory.loadHealth('@sum')).consecutiveFailures, 8);
    assert.deepEqual(news, ['restored 0', 'changed 7', 'changed 8']);
    clock.jumpTo(clock.now() - 3_600_000);
    await memory.updateHealth('@sum', () => HEALTHY);
    await record.refresh(1000);
    assert.equal(record.value, 0, 'a clock that was set back must not stop it');
  });

  for (const when of ['before', 'during'] as const) {
    it(`does not take for the latest what was read ${when} a write and is heard of after it`, async () => {
      const memory = new MemoryStore();
      await memory.open();
      const [read, written] = [signal(), signal()];
      let holds = false;
      const slow = interceptStore(memory, async (method, run) => {
        if (holds && method === 'updateHealth') await written.given;
        const outcome = await run();
        if (holds && method === 'loadHealth') await read.given;
        return outcome;
      });
      const clock = new ManualClock();
      const { store } = new SharedStore(slow);
      const record: BestEffortRecord<number, number> = new BestEffortRecord(
        { store, clock },
        SUM,
        0,
        () => {},
        () => {},
      );
      await record.open();
      await clock.advance(1000);
      holds = true;
      if (when === 'during') record.note(4);
      const looked = record.refresh(1000);
      await letEventLoopTurn();
      if (when === 'before') record.note(4);
      written.give();
      await letEventLoopTurn();
      assert.deepEqual([record.isSettled, record.value], [true, 4]);
      read.give();
      await looked;
      assert.equal(record.value, 4);
    });
  }

  it('comes to the same sum in memory and in the store, whatever fails in between', async () => {
    type Step = (bench: Bench) => unknown;
    const anyStep = fc.oneof(
      fc.integer({ min: 1, max: 9 }).map(
        (change): Step =>
          (bench) =>
            bench.note(change),
      ),
      fc.constantFrom<Step>(
        ({ moody }) => moody.be('down'),
        ({ moody }) => moody.beWell(),
        ({ clock }) => clock.advance(300),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 12 }), async (steps) => {
        const bench = await Bench.open();
        for (const step of steps) {
          await step(bench);
          assert.equal(bench.record.value, bench.sum);
        }
        bench.moody.beWell();
        await bench.clock.advance(10_000);
        assert.equal(await bench.stored(), bench.sum);
      }),
      { numRuns: 25 },
    );
  });
});
