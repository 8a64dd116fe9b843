import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { type BodyPlan, bodyOf } from '../load/bodies';
import type { ClosedLoop, LoadProtocol, LoadResult, OpenLoop } from '../load/loadProtocol';
import { exactNow } from '../measure/exactTime';
import { LatencyRecorder } from '../measure/latency';
import { serveParent } from './child';

const OPEN_LOOP_CONNECTIONS = 256;
const HEADERS = { 'content-type': 'application/json' };

class LoadRun {
  readonly #targets: readonly { readonly pool: Pool; readonly path: string }[];
  readonly #bodies: BodyPlan;
  readonly #latency = new LatencyRecorder();
  readonly #statuses: Record<number, number> = {};
  readonly #firstAt = exactNow();
  #lastAt = this.#firstAt;
  #failures = 0;

  constructor(urls: readonly string[], bodies: BodyPlan, connections: number) {
    this.#targets = urls.map((url) => {
      const { origin, pathname } = new URL(url);
      const pool = new Pool(origin, { connections: Math.ceil(connections / urls.length), pipelining: 1 });
      return { pool, path: pathname };
    });
    this.#bodies = bodies;
  }

  /** @param dueAt When the request should have been sent. */
  async post(n: number, dueAt: number): Promise<void> {
    const target = this.#targets[n % this.#targets.length];
    if (target === undefined) throw new Error('There is nobody to send to.');
    try {
      const answer = await target.pool.request({
        method: 'POST',
        path: target.path,
        headers: HEADERS,
        body: bodyOf(this.#bodies, n),
      });
      await answer.body.dump();
      this.#statuses[answer.statusCode] = (this.#statuses[answer.statusCode] ?? 0) + 1;
    } catch {
      this.#failures += 1;
    }
    this.#lastAt = exactNow();
    this.#latency.add(this.#lastAt - dueAt);
  }

  async end(): Promise<LoadResult> {
    await Promise.all(this.#targets.map(({ pool }) => pool.close()));
    return {
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      statuses: this.#statuses,
      failures: this.#failures,
      latency: this.#latency.latency,
    };
  }
}

async function closedLoop({ urls, bodies, count, connections }: ClosedLoop): Promise<LoadResult> {
  const run = new LoadRun(urls, bodies, connections);
  let next = 0;
  const customer = async () => {
    while (next < count) {
      const n = next;
      next += 1;
      await run.post(n, exactNow());
    }
  };
  await Promise.all(Array.from({ length: connections }, customer));
  return run.end();
}

async function openLoop({ urls, bodies, count, perSecond }: OpenLoop): Promise<LoadResult> {
  const run = new LoadRun(urls, bodies, OPEN_LOOP_CONNECTIONS);
  const startedAt = exactNow();
  const underWay: Promise<void>[] = [];
  while (underWay.length < count) {
    const due = Math.min(count, Math.floor(((exactNow() - startedAt) * perSecond) / 1000) + 1);
    while (underWay.length < due) {
      const n = underWay.length;
      underWay.push(run.post(n, startedAt + (n * 1000) / perSecond));
    }
    await wait(1);
  }
  await Promise.all(underWay);
  return run.end();
}

serveParent<LoadProtocol>({ closed: closedLoop, open: openLoop });
