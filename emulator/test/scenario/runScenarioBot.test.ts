import assert from 'node:assert/strict';
import type { ScenarioHooks } from '../../src/scenario/hooks';
import type { FakeEmulator } from '../support/fakeEmulator';
import { Story } from './support/story';

describe('Running a scenario', () => {
  let emulator: FakeEmulator;
  let passes: Story['passes'];
  let fails: Story['fails'];

  beforeEach(() => {
    ({ emulator, passes, fails } = new Story());
  });

  describe('has the bot', () => {
    it('stopped, started and restarted by its host', async () => {
      const calls: string[] = [];
      const hooks: ScenarioHooks = {
        stopBot: async () => void calls.push('stop'),
        startBot: async () => void calls.push('start'),
        advance: async (milliseconds) => void calls.push(`advance ${milliseconds}`),
        whenIdle: async () => void calls.push('idle'),
      };
      await passes(
        [{ bot: 'down' }, { clock: { jump: '1s' } }, { bot: 'up' }, { bot: 'restart' }, { clock: 'step' }],
        {},
        hooks,
      );
      assert.deepEqual(calls, ['stop', 'advance 1000', 'start', 'stop', 'start', 'advance 5000', 'idle']);
    });

    it('waited for as long as patience lasts, should it hang', async () => {
      await passes([{ wait: 'idle' }], { patience: '5ms' }, { whenIdle: () => new Promise(() => {}) });
    });

    it('ended and running again in the eyes of the judge', async () => {
      const told = (name: string) => async () => void emulator.calls.push([name]);
      const stopAndStart = { stopBot: told('stop'), startBot: told('start') };
      const inTurn = ['botEnds', 'stop', 'start', 'botRuns'];
      for (const [steps, hooks, expected] of [
        [[{ bot: 'down' }, { bot: 'up' }], stopAndStart, inTurn],
        [[{ bot: 'restart' }], stopAndStart, inTurn],
        [[{ bot: 'restart' }], { restartBot: told('restart') }, ['botEnds', 'restart', 'botRuns']],
      ] as const) {
        emulator.calls.length = 0;
        await passes([...steps], {}, hooks);
        const calls = emulator.calls.map(([call]) => call);
        assert.deepEqual(
          calls.filter((call) => expected.some((other) => other === call)),
          expected,
        );
      }
    });

    it('restarted in one go when the host can', async () => {
      const calls: string[] = [];
      await passes([{ bot: 'restart' }], {}, { restartBot: async () => void calls.push('restart') });
      assert.deepEqual(calls, ['restart']);
    });

    it('started again when the scenario has failed', async () => {
      const calls: string[] = [];
      const hooks = { stopBot: async () => {}, startBot: async () => void calls.push('start') };
      await fails(/read nothing/, [{ bot: 'down' }, { customer: 'Ann', reads: 'x' }], {}, hooks);
      assert.deepEqual(calls, ['start']);
    });

    it('started again when it could not be restarted, or stopped', async () => {
      const calls: string[] = [];
      const fail = async () => {
        throw new Error('no');
      };
      const start = async () => void calls.push('start');
      await fails(/^no$/, [{ bot: 'restart' }], {}, { stopBot: fail, startBot: start });
      await fails(/^no$/, [{ bot: 'down' }], {}, { stopBot: fail, startBot: start });
      assert.deepEqual(calls, ['start', 'start']);
    });

    it('down once, however often it is said', async () => {
      const calls: string[] = [];
      const hooks = {
        stopBot: async () => void calls.push('stop'),
        startBot: async () => void calls.push('start'),
      };
      await passes([{ bot: 'down' }, { bot: 'down' }, { bot: 'up' }], {}, hooks);
      assert.deepEqual(calls, ['stop', 'start']);
      await passes([{ bot: 'down' }, { bot: 'down' }, { bot: 'up' }]);
      assert.deepEqual(
        emulator.calls.map(([call]) => call),
        // The judge is told once of a process that ends, and never of one that is only cut off.
        ['botEnds', 'botRuns', 'clearFaults', 'addFault', 'removeFault', 'clearFaults'],
      );
    });

    it('cut off, though all faults are over meanwhile', async () => {
      await passes([{ bot: 'down' }, { clearFault: 'all' }, { wait: 0 }, { bot: 'up' }]);
      assert.deepEqual(
        emulator.calls.map(([call]) => call),
        ['addFault', 'clearFaults', 'addFault', 'removeFault', 'clearFaults'],
      );
    });

    it('cut off when nobody can stop it, and says so', async () => {
      const { notes } = await passes([{ bot: 'down' }, { bot: 'up' }, { bot: 'restart' }]);
      assert.deepEqual(
        emulator.calls.map(([call]) => call),
        ['addFault', 'removeFault', 'clearFaults'],
      );
      assert.equal(notes.length, 2);
    });
  });
});
