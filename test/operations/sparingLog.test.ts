import assert from 'node:assert/strict';
import { SparingLog } from '../../src/operations/sparingLog';
import { ManualClock } from '../../src/testing';
import { RecordingLogger } from '../support/recordingLogger';

describe('SparingLog', () => {
  it('writes a line once a minute, with how often it was left out, and other lines beside it', async () => {
    const clock = new ManualClock();
    const logger = new RecordingLogger();
    const log = new SparingLog(clock, logger);
    log.write('warn', 'refused', { cause: 'token' });
    log.write('error', 'broken');
    for (let time = 0; time < 1000; time++) log.write('warn', 'refused', { cause: 'token' });
    await clock.advance(59_999);
    log.write('warn', 'refused');
    await clock.advance(1);
    log.write('warn', 'refused', { cause: 'signature' });
    await clock.advance(60_000);
    log.write('warn', 'refused');
    assert.deepEqual(logger.lines, [
      { level: 'warn', message: 'refused', fields: { cause: 'token' } },
      { level: 'error', message: 'broken', fields: {} },
      { level: 'warn', message: 'refused', fields: { cause: 'signature', leftOut: 1001 } },
      { level: 'warn', message: 'refused', fields: {} },
    ]);
  });
});
