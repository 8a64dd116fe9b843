import { createServer } from 'node:http';
import { createEmulator } from '../../src';

/** Stops two emulators in the middle of everything. The process has to end by itself then: nothing here ends it. */
async function main(): Promise<void> {
  // A bot that lets itself be verified, and answers nothing else.
  let events = 0;
  let isAsked = () => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const bot = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => {
      body += chunk;
    });
    req.on('end', () => {
      if (body === '{}') res.end();
      else if (++events === 16) isAsked();
    });
  });
  await new Promise<void>((resolve) => bot.listen(0, '127.0.0.1', resolve));
  const address = bot.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const [emulator, other] = await Promise.all([
    createEmulator({ botUrl: `http://127.0.0.1:${port}/`, seed: 1 }),
    createEmulator({ seed: 1 }),
  ]);
  await emulator.integration.verify();
  const work: Promise<unknown>[] = [];
  for (let n = 0; n < 100; n++) {
    const customer = emulator.customer(`Customer ${n}`);
    work.push(customer.says('Hello'), customer.reads('Hello', 3_600_000));
  }
  await asked;
  emulator.faults.add({ direction: 'fromBot', match: { times: 1 }, effect: { kind: 'timeOut' } });
  emulator.faults.add({
    direction: 'fromBot',
    match: { times: 1 },
    effect: { kind: 'answerLate', delayMs: 1e9 },
  });
  const post = () =>
    fetch(emulator.webhookUrl, { method: 'POST', body: '{}' }).then((answer) => answer.text());
  const stream = () => fetch(`${emulator.url}/api/stream`).then((answer) => answer.text());
  work.push(
    post(),
    post(),
    stream(),
    emulator.clock.jump(3_600_000),
    emulator.judge.verdict(),
    emulator.idle(),
    emulator.desk.receives('Customer 0', 3_600_000),
    emulator.integration.verify(),
    other.idle(),
  );
  while (emulator.world().faults.some(({ played }) => played === 0)) await new Promise(setImmediate);
  const settled = Promise.allSettled(work);
  await Promise.all([emulator.stop(), other.stop()]);
  await settled;
  bot.closeAllConnections();
  bot.close();
  process.stdout.write('stopped\n');
}

void main();
