import assert from 'node:assert/strict';
import { WebexConnectNotFoundError, WebexConnectNotSupportedError } from '../../src/errors';
import type { OperatorActions } from '../../src/operations/operatorActions';
import { OperatorClerk } from '../../src/operations/operatorClerk';
import type { DeliveryStore } from '../../src/store/deliveryStore';
import { MemoryStore } from '../../src/store/memoryStore';
import type { CommandState, OperatorCommand } from '../../src/store/operatorCommands';
import { ManualClock } from '../../src/testing';
import { letEventLoopTurn } from '../support/eventLoop';
import { RecordingLogger } from '../support/recordingLogger';
import { SharedStore } from '../support/sharedStore';
import { signal } from '../support/signal';
import { MINUTE, T0 } from '../support/storeSamples';

const replay = (id: string): OperatorCommand => ({ kind: 'replayDeadLetter', id });

describe('The operator’s clerk in a running bot', () => {
  let memory: MemoryStore;
  let clock: ManualClock;
  let logger: RecordingLogger;
  let done: string[];
  let actions: OperatorActions;
  let clerks: OperatorClerk[];

  beforeEach(async () => {
    memory = new MemoryStore();
    await memory.open();
    clock = new ManualClock(T0);
    logger = new RecordingLogger();
    done = [];
    clerks = [];
    const note =
      (what: string) =>
      async (...args: string[]) =>
        void done.push([what, ...args].join(' '));
    actions = {
      deadLetters: { replay: note('replay letter'), discard: note('discard letter') },
      quarantine: { replay: note('replay item'), discard: note('discard item') },
      conversations: { tie: note('tie') },
      reactivate: note('reactivate'),
    };
  });
  afterEach(() => Promise.all(clerks.map((clerk) => clerk.stop())));

  function startClerk(store: DeliveryStore = memory): OperatorClerk {
    const clerk = new OperatorClerk(store, clock, logger, actions);
    clerks.push(clerk);
    clerk.start();
    return clerk;
  }

  async function ask(...commands: OperatorCommand[]): Promise<readonly CommandState[]> {
    const submitted = commands.map((command, index) => ({ id: `${index}`, command }));
    await memory.operatorCommands.submit(submitted, { now: clock.now(), expiresAfterMs: MINUTE });
    await letEventLoopTurn();
    return memory.operatorCommands.states(submitted.map(({ id }) => id));
  }

  it('carries out every kind of command, in order, and answers', async () => {
    startClerk();
    const states = await ask(
      { kind: 'ping' },
      replay('d1'),
      { kind: 'discardDeadLetter', id: 'd2' },
      { kind: 'replayQuarantined', id: 'q1' },
      { kind: 'discardQuarantined', id: 'q2' },
      { kind: 'tie', agentConversationId: 'a', botConversationId: 'b' },
      { kind: 'reactivate', destination: 'webhook' },
    );
    assert.deepEqual(done, [
      'replay letter d1',
      'discard letter d2',
      'replay item q1',
      'discard item q2',
      'tie a b',
      'reactivate webhook',
    ]);
    assert.ok(states.every((state) => state.status === 'answered' && state.answer.status === 'done'));
  });

  it('carries out what was left before it began', async () => {
    await ask(replay('d'));
    assert.deepEqual(done, []);
    startClerk();
    await letEventLoopTurn();
    assert.deepEqual(done, ['replay letter d']);
  });

  it('leaves what has expired', async () => {
    await ask(replay('old'));
    await clock.advance(MINUTE);
    startClerk();
    const [state] = await ask({ kind: 'ping' });
    assert.equal(state?.status, 'answered');
    assert.deepEqual(done, []);
  });

  const REFUSALS: readonly [string, Error, string, string][] = [
    [
      'what is not there',
      new WebexConnectNotFoundError('no such letter'),
      'WEBEX_CONNECT_NOT_FOUND',
      'no such letter',
    ],
    [
      'what cannot be done',
      new WebexConnectNotSupportedError('a handover'),
      'WEBEX_CONNECT_NOT_SUPPORTED',
      'a handover',
    ],
    // Its message may quote a customer (I9).
    [
      'what fails',
      new SyntaxError('Unexpected "my PIN is 4711"'),
      'FAILED',
      'The bot failed to do it: SyntaxError.',
    ],
  ];
  for (const [what, error, code, message] of REFUSALS) {
    it(`answers why it refuses ${what}, and goes on`, async () => {
      startClerk();
      Object.assign(actions.deadLetters, {
        replay: async (id: string) => {
          if (id === 'bad') throw error;
        },
      });
      const states = await ask(replay('bad'), replay('good'));
      assert.deepEqual(states, [
        { status: 'answered', answer: { status: 'refused', code, message } },
        { status: 'answered', answer: { status: 'done' } },
      ]);
      assert.doesNotMatch(logger.text, /4711/);
    });
  }

  it('refuses a command of another version', async () => {
    const { operatorCommands } = memory;
    operatorCommands.take = async () =>
      [{ id: '0', command: undefined }].splice(0, done.length === 0 ? 1 : 0);
    const answered = signal();
    operatorCommands.answer = async (_id, answer) => {
      done.push(answer.status === 'refused' ? answer.code : answer.status);
      answered.give();
    };
    startClerk();
    await answered.given;
    assert.deepEqual(done, ['WEBEX_CONNECT_NOT_SUPPORTED']);
  });

  it('logs each command with what became of it, and no sign of life', async () => {
    startClerk();
    await ask({ kind: 'ping' }, { kind: 'tie', agentConversationId: 'a', botConversationId: 'b' });
    assert.deepEqual(logger.texts('info'), [
      'webex-connect: an operator’s command was carried out ' +
        '{"command":"tie","agentConversationId":"a","botConversationId":"b","outcome":"done"}',
    ]);
  });

  it('carries out many at a time', async () => {
    startClerk();
    await ask(...Array.from({ length: 450 }, (_, index) => replay(`${index}`)));
    assert.deepEqual(
      done,
      Array.from({ length: 450 }, (_, index) => `replay letter ${index}`),
    );
  });

  it('on a shared store, begins one when the one before has ended: their order is kept nowhere else', async () => {
    let [underWay, most] = [0, 0];
    Object.assign(actions.deadLetters, {
      replay: async () => {
        underWay++;
        most = Math.max(most, underWay);
        await letEventLoopTurn(1);
        underWay--;
      },
    });
    startClerk(new SharedStore(memory).store);
    await ask(replay('a'), replay('b'), replay('c'));
    assert.equal(most, 1);
  });

  it('goes on when the store has failed to hand out or to take an answer', async () => {
    const { operatorCommands } = memory;
    const { take, answer } = operatorCommands;
    operatorCommands.take = () => Promise.reject(new Error('the disk is full'));
    startClerk();
    await ask(replay('a'));
    assert.deepEqual(done, []);
    operatorCommands.take = take.bind(operatorCommands);
    operatorCommands.answer = () => Promise.reject(new Error('the disk is full'));
    await ask(replay('b'));
    operatorCommands.answer = answer.bind(operatorCommands);
    const [state] = await ask(replay('c'));
    assert.deepEqual(done, ['replay letter b', 'replay letter c']);
    assert.equal(state?.status, 'answered');
    assert.equal(new Set(logger.texts('error')).size, 2);
  });

  it('ends when it has answered what it has taken, and takes nothing more', async () => {
    const release = signal();
    Object.assign(actions.deadLetters, { replay: () => release.given });
    const clerk = startClerk();
    const [before] = await ask(replay('a'));
    assert.equal(before?.status, 'taken');
    const stopping = clerk.stop();
    release.give();
    await stopping;
    assert.equal((await memory.operatorCommands.states(['0']))[0]?.status, 'answered');
    clerk.start();
    const [after] = await ask(replay('b'));
    assert.equal(after?.status, 'waiting');
  });
});
