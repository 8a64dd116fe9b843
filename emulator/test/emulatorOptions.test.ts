import assert from 'node:assert/strict';
import { createEmulator } from '../src';
import { EmulatorOptionError, readOptions } from '../src/emulatorOptions';

describe('The options of createEmulator', () => {
  it('all have a default', () => {
    const { seed, clock, botUrl, ...rest } = readOptions({});
    assert.deepEqual([seed, clock, botUrl], [undefined, undefined, undefined]);
    assert.deepEqual(rest, {
      port: 0,
      platform: 'OTHERS',
      rule: 'BOT',
      dialect: 'documented',
      linkAgentConversations: true,
      answerWithinMs: 5000,
      retryDelaysMs: [60_000, 300_000, 900_000, 2_340_000],
      answerExpectedWithinMs: 30_000,
    });
  });

  it('may be undefined, as JavaScript has it', () => {
    assert.equal(readOptions(JSON.parse('{}', () => ({ port: undefined }))).port, 0);
  });

  const wrong: [options: object, message: RegExp][] = [
    [{ port: 65_536 }, /'port' must be a port/],
    [{ port: '4000' }, /'port' must be a port/],
    [{ webhookPath: 'a/:b' }, /'webhookPath' must be letters, digits, - and _/],
    [{ botUrl: 'localhost:3978' }, /'botUrl' must be an http/],
    [{ botUrl: 'file:///etc/passwd' }, /'botUrl' must be an http/],
    [{ transcriptUrl: '/talks' }, /'transcriptUrl' must hold \{conversationId\}/],
    [{ transcriptUrl: 'file:///{conversationId}' }, /'transcriptUrl' must be an http/],
    [{ platform: 'IMIBOT' }, /'platform'/],
    [{ rule: 'NONE' }, /'rule'/],
    [{ dialect: 'klingon' }, /'dialect'/],
    [{ seed: 0.5 }, /'seed' must be a whole number/],
    [{ seed: Number.NaN }, /'seed'/],
    [{ clock: { now: 1 } }, /'clock' must have the methods/],
    [{ clock: null }, /'clock' must have the methods/],
    [{ answerWithinMs: 0 }, /'answerWithinMs' must be at least 1/],
    [{ answerWithinMs: Number.POSITIVE_INFINITY }, /'answerWithinMs' must be a number of milliseconds/],
    [{ answerWithinMs: 2 ** 31 }, /'answerWithinMs' must be a number of milliseconds/],
    [{ retryDelaysMs: [1, 2, 3, 4, 5] }, /'retryDelaysMs' must be at most 4/],
    [{ retryDelaysMs: [1, Number.NaN] }, /'retryDelaysMs\.1' must be a number of milliseconds/],
    [{ retryDelaysMs: [-1] }, /'retryDelaysMs\.0'/],
    [{ answerExpectedWithinMs: Number.NaN }, /'answerExpectedWithinMs'/],
    [{ verifcationToken: 'x' }, /'verifcationToken' is not one that there is/],
  ];
  for (const [options, message] of wrong) {
    it(`cannot be ${JSON.stringify(options)}`, async () => {
      const check = (error: unknown) => {
        assert.ok(error instanceof EmulatorOptionError, String(error));
        assert.equal(error.code, 'EMULATOR_OPTION');
        assert.match(error.message, message);
        return true;
      };
      assert.throws(() => readOptions(options), check);
      await assert.rejects(createEmulator(options), check);
    });
  }
});
