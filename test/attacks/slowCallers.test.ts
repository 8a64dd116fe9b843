import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { ManualClock } from '../../src/testing';
import { type BotHost, type Mount, onNodeHttp, serveBot, TOKEN } from '../support/botHost';
import { onExpress, onRestify } from '../support/frameworkMounts';
import { postHead, RawClient } from '../support/rawClient';
import { nothingIsStored, stillServes } from './support/survival';

const CALLERS = 200;
const MOUNTS: Record<string, Mount> = { 'node:http': onNodeHttp, restify: onRestify(), Express: onExpress() };
const HEAD = postHead('Host: bot.test', 'Content-Length: 1000');
const CHUNKED_HEAD = postHead('Host: bot.test', 'Transfer-Encoding: chunked');

const crowd = (url: string) => Promise.all(Array.from({ length: CALLERS }, () => RawClient.to(url)));

for (const [framework, mount] of Object.entries(MOUNTS)) {
  describe(`${framework}, with ${CALLERS} callers who send a byte now and then`, () => {
    let clock: ManualClock;
    let host: BotHost;

    beforeEach(async () => {
      clock = new ManualClock();
      host = await serveBot({ clock }, undefined, mount);
    });
    afterEach(() => host.stop());

    for (const [title, head, byte] of [
      ['of a body', HEAD, '{'],
      ['of a body in chunks', CHUNKED_HEAD, '1\r\n{\r\n'],
      ['of white space before a body', HEAD, ' '],
    ] as const) {
      it(`${title}, serves others, and answers them 408 after three seconds, however busy they are`, async () => {
        const callers = await crowd(host.url);
        for (const caller of callers) caller.send(head + byte);
        // Each has a timer of its own as soon as its head was read.
        await bodiesAreRead(CALLERS);
        await stillServes(host);
        for (let second = 0; second < 2; second++) {
          await clock.advance(1000);
          for (const caller of callers) caller.send(byte);
        }
        await stillServes(host);
        assert.ok(callers.every(({ isOpen, answers }) => isOpen && answers.length === 0));
        await clock.advance(1000);
        await Promise.all(callers.map(({ closed }) => closed));
        for (const { answers } of callers) {
          assert.deepEqual(
            answers.map(({ status, body }) => [status, body.includes(TOKEN)]),
            [[408, true]],
          );
        }
        assert.equal(host.adapter.counters.get('requests_quarantined_total'), 0);
        await stillServes(host);
      });
    }

    const bodiesAreRead = async (count: number) => {
      const isReading = () =>
        host.connections().filter(({ bytesRead }) => bytesRead > HEAD.length - 10).length;
      while (isReading() < count) await new Promise(setImmediate);
      await new Promise(setImmediate);
    };
  });
}

describe(`node:http, with ${CALLERS} callers who never end their headers (slow loris)`, () => {
  it('serves others, and cuts them off by its own headersTimeout', async () => {
    const impatient: Mount = (adapter, logic) =>
      createServer(
        { headersTimeout: 500, requestTimeout: 1000, connectionsCheckingInterval: 50 },
        (request, response) => void adapter.process(request, response, logic),
      );
    const host = await serveBot({}, undefined, impatient);
    const callers = await crowd(host.url);
    for (const caller of callers)
      caller.send('POST /api/webex-connect HTTP/1.1\r\nHost: bot.test\r\nX-A: b\r\n');
    await stillServes(host);
    const dribble = setInterval(() => {
      for (const caller of callers) caller.send('X-A: b\r\n');
    }, 20);
    await Promise.all(callers.map(({ closed }) => closed));
    clearInterval(dribble);
    assert.equal(host.adapter.counters.get('events_stored_total'), 1, 'only the survivor was heard');
    await stillServes(host);
    await host.stop();
  });

  it('who speak at last are heard no less than others', async () => {
    const host = await serveBot();
    const callers = await crowd(host.url);
    for (const caller of callers) caller.send('POST /api/webex-connect HTTP/1.1\r\nHost: bot.test\r\n');
    await stillServes(host);
    for (const caller of callers) caller.send('Content-Length: 2\r\n\r\n{}');
    for (const caller of callers) assert.equal(await caller.status(), 200);
    for (const caller of callers) caller.destroy();
    await host.stop();
  });
});

describe('a caller who asks and never reads', () => {
  it('holds up nobody, and nothing of it is lost', async () => {
    const host = await serveBot();
    const deaf = await RawClient.to(host.url);
    deaf.send(`${postHead('Host: bot.test', 'Content-Length: 2')}{}`.repeat(5000));
    await stillServes(host);
    deaf.destroy();
    await stillServes(host);
    nothingElseIsStored(host, 2);
    await host.stop();
  });

  const nothingElseIsStored = (host: BotHost, survivors: number) => {
    assert.equal(host.adapter.counters.get('events_stored_total'), survivors);
    assert.equal(host.adapter.counters.get('requests_quarantined_total'), 0);
  };
});

describe('callers who come and go', () => {
  it(`${CALLERS} times, in the middle of anything, leave no timer and no connection behind`, async () => {
    const clock = new ManualClock();
    const host = await serveBot({ clock });
    const whole = `${HEAD}{`;
    const callers = await crowd(host.url);
    callers.forEach((caller, number) => {
      caller.send(whole.slice(0, 1 + (number % whole.length)));
    });
    await new Promise(setImmediate);
    for (const caller of callers) caller.destroy();
    while (host.connections().length > 0) await new Promise(setImmediate);
    assert.equal(clock.nextTimerIn, undefined);
    nothingIsStored(host);
    await stillServes(host);
    await host.stop();
  });
});
