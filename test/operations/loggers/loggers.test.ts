import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import pino from 'pino';
import winston from 'winston';
import { fromPino, fromWinston, type Logger, WebexConnectAdapter } from '../../../src';
import { incomingMessage, mockWebexConnect } from '../../../src/testing';
import { echo } from '../../support/botHost';

type Line = Record<string, unknown>;

/** A real pino, and the lines that it has written. */
function pinoWith(options: pino.LoggerOptions = {}): {
  readonly logger: pino.Logger;
  readonly lines: Line[];
} {
  const lines: Line[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { logger: pino({ base: null, timestamp: false, level: 'trace', ...options }, stream), lines };
}

/** A real winston, and the lines that it has written. */
function winstonWith({ format = winston.format.json(), ...options }: winston.LoggerOptions = {}): {
  readonly logger: winston.Logger;
  readonly lines: Line[];
} {
  const lines: Line[] = [];
  const stream = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(JSON.parse(line.toString()));
      done();
    },
  });
  const transports = [new winston.transports.Stream({ stream })];
  const asJson = winston.format.combine(format, winston.format.json());
  return { logger: winston.createLogger({ level: 'silly', transports, format: asJson, ...options }), lines };
}

function logAtAllLevels(logger: Logger): void {
  logger.debug('one', { a: 1 });
  logger.info('two', { b: 'x', c: true });
  logger.warn('three', { d: undefined });
  logger.error('four');
}

describe('fromPino', () => {
  it('writes each level, with the fields beside the message', () => {
    const { logger, lines } = pinoWith();
    logAtAllLevels(fromPino(logger));
    assert.deepEqual(lines, [
      { level: 20, a: 1, msg: 'one' },
      { level: 30, b: 'x', c: true, msg: 'two' },
      { level: 40, msg: 'three' },
      { level: 50, msg: 'four' },
    ]);
  });

  it('leaves levels, children and redaction to pino', () => {
    const { logger, lines } = pinoWith({ level: 'warn', redact: ['conversationId'] });
    const adapted = fromPino(logger.child({ part: 'webex-connect' }));
    logAtAllLevels(adapted);
    adapted.error('five', { conversationId: 'C1' });
    assert.deepEqual(lines, [
      { level: 40, part: 'webex-connect', msg: 'three' },
      { level: 50, part: 'webex-connect', msg: 'four' },
      { level: 50, part: 'webex-connect', conversationId: '[Redacted]', msg: 'five' },
    ]);
  });

  it('takes no percent sign for a place to fill', () => {
    const { logger, lines } = pinoWith();
    fromPino(logger).warn('50 % of %s and %d', { a: 1 });
    assert.deepEqual(lines, [{ level: 40, a: 1, msg: '50 % of %s and %d' }]);
  });
});

describe('fromWinston', () => {
  it('writes each level, with the fields beside the message', () => {
    const { logger, lines } = winstonWith();
    logAtAllLevels(fromWinston(logger));
    assert.deepEqual(lines, [
      { a: 1, level: 'debug', message: 'one' },
      { b: 'x', c: true, level: 'info', message: 'two' },
      { level: 'warn', message: 'three' },
      { level: 'error', message: 'four' },
    ]);
  });

  it('mixes no field up with the line’s own level and message', () => {
    const { logger, lines } = winstonWith();
    fromWinston(logger).warn('a turn failed', { message: 'of the error', level: 7, timestamp: 'x', id: 1 });
    assert.deepEqual(lines, [
      {
        message_: 'of the error',
        level_: 7,
        timestamp_: 'x',
        id: 1,
        level: 'warn',
        message: 'a turn failed',
      },
    ]);
  });

  it('leaves levels, formats and children to winston', () => {
    const { logger, lines } = winstonWith({ level: 'warn', format: winston.format.label({ label: 'bot' }) });
    logAtAllLevels(fromWinston(logger.child({ part: 'webex-connect' })));
    assert.deepEqual(lines, [
      { level: 'warn', message: 'three', part: 'webex-connect', label: 'bot' },
      { level: 'error', message: 'four', part: 'webex-connect', label: 'bot' },
    ]);
  });

  it('warns at `warning` where the levels are those of syslog', () => {
    const { logger, lines } = winstonWith({ levels: winston.config.syslog.levels, level: 'debug' });
    logAtAllLevels(fromWinston(logger));
    assert.deepEqual(
      lines.map(({ level }) => level),
      ['debug', 'info', 'warning', 'error'],
    );
  });

  it('fills no percent sign in, where winston is told to', () => {
    const { logger, lines } = winstonWith({ format: winston.format.splat() });
    fromWinston(logger).warn('50 % of inbound.maxBacklog', { percent: 50 });
    assert.deepEqual(lines, [{ percent: 50, level: 'warn', message: '50 % of inbound.maxBacklog' }]);
  });
});

describe('console', () => {
  it('is a logger as it is', () => {
    const written: string[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk.toString());
        done();
      },
    });
    const logger: Logger = new console.Console(stream, stream);
    logAtAllLevels(logger);
    assert.deepEqual(written, [
      'one { a: 1 }\n',
      "two { b: 'x', c: true }\n",
      'three { d: undefined }\n',
      'four\n',
    ]);
  });
});

describe('the adapter', () => {
  for (const [name, make] of [
    [
      'pino',
      () => {
        const { logger, lines } = pinoWith();
        return { logger: fromPino(logger), lines };
      },
    ],
    [
      'winston',
      () => {
        const { logger, lines } = winstonWith();
        return { logger: fromWinston(logger), lines };
      },
    ],
  ] as const) {
    it(`logs with ${name}`, async () => {
      const webex = mockWebexConnect();
      const { logger, lines } = make();
      const adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, logger });
      webex.failNext(1, 400);
      await webex.send(adapter, incomingMessage({ conversationId: 'C1' }), echo);
      await adapter.whenIdle();
      await adapter.stop();
      webex.restore();
      const line = lines.find(({ msg, message }) => /a message was given up/.test(String(msg ?? message)));
      assert.equal(line?.conversationId, 'C1');
      assert.equal(line?.reason, 'the webhook answered 400');
    });
  }
});
