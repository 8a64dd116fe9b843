import assert from 'node:assert/strict';
import { MemoryStore } from '../../src';
import { incomingMessage } from '../../src/testing';
import { stillServes } from '../attacks/support/survival';
import { type BotHost, type Mount, onNodeHttp, serveBot, TOKEN } from '../support/botHost';
import { onExpress, onRestify } from '../support/frameworkMounts';
import { postBytes, RawClient } from '../support/rawClient';
import { Dice } from './dice';
import { fuzzedRequest } from './fuzzedRequest';
import { faultsOf, fuzz } from './fuzzRun';
import { garbled } from './mutations';

const BODIES = 20_000;
const BODIES_OVER_SOCKETS = 1000;
const REQUESTS = 300;
const GROWN_AT_MOST = 8 * 1024 * 1024;

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

describe(`fuzzed requests (FUZZ_SEED=${seed})`, () => {
  it(`${BODIES} bodies are answered as the design says, end in one turn each, and leave nothing behind`, async function () {
    this.timeout(120_000);
    const report = await fuzz({
      seed,
      bodies: BODIES,
      lookEvery: BODIES / 4,
      openStore: () => new MemoryStore(),
      isStoreInMemory: true,
    });
    assert.equal(report.bodies, BODIES);
    assert.deepEqual(faultsOf(report, GROWN_AT_MOST), []);
  });

  it('are the same for the same seed and number', () => {
    for (let number = 0; number < 100; number++) {
      const [one, again] = [fuzzedRequest(seed, number), fuzzedRequest(seed, number)];
      assert.deepEqual([one.kind, one.body], [again.kind, again.body]);
    }
    const bodies = Array.from({ length: 100 }, (_, number) =>
      fuzzedRequest(seed, number).body.toString('hex'),
    );
    assert.ok(new Set(bodies).size > 90, 'the bodies are too much alike');
  });

  const mounts: Record<string, Mount> = {
    'node:http': onNodeHttp,
    restify: onRestify(),
    Express: onExpress(),
  };
  for (const [framework, mount] of Object.entries(mounts)) {
    describe(`over sockets, to ${framework}`, () => {
      let host: BotHost;

      beforeEach(async () => {
        host = await serveBot({}, async () => {}, mount);
      });
      afterEach(() => host.stop());

      it(`${BODIES_OVER_SOCKETS} bodies are answered, and none with a 5xx`, async function () {
        this.timeout(60_000);
        for (let number = 0; number < BODIES_OVER_SOCKETS; number++) {
          const { body, kind } = fuzzedRequest(seed, number);
          const { status, text } = await host.post(body);
          assert.ok(status === 200 || status === 413, `${number} (${kind}): ${status}`);
          assert.equal(text, JSON.stringify({ verification_token: TOKEN }));
        }
        await host.adapter.whenIdle();
        const { counters } = host.adapter;
        assert.equal(counters.get('turns_completed_total'), counters.get('events_stored_total'));
        assert.equal(counters.get('turns_failed_total'), 0);
      });
    });

    it(`${REQUESTS} garbled requests to ${framework} get no 5xx, and let others be served`, async function () {
      this.timeout(60_000);
      const host = await serveBot({}, undefined, mount);
      await stillServes(host);
      for (let number = 0; number < REQUESTS; number++) {
        const request = postBytes(JSON.stringify(incomingMessage())).toString('latin1');
        const client = await RawClient.to(host.url);
        client.send(garbled(request, new Dice(seed, number))).end();
        await client.closed;
        const statuses = client.answers.map(({ status }) => status);
        assert.ok(
          statuses.every((status) => status >= 200 && status < 500),
          `${number}: ${statuses}`,
        );
      }
      await host.adapter.whenIdle();
      await host.adapter.stop();
      await host.stop();
    });
  }
});
