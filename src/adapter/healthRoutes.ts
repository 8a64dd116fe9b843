import { z } from 'zod';
import type { AdapterHealth } from '../operations/health/adapterHealth';
import { type HealthDocument, healthDocumentOf } from '../operations/health/healthDocument';
import { readOptions } from '../optionSchema';
import { type Answer, plainAnswer, writeAnswer } from './http/answer';
import type { WebexConnectResponse } from './http/httpTypes';

/** A request of restify, Express or `node:http`. */
export interface HealthRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** Answers a request for health. */
export type HealthHandler = (req: HealthRequest, res: WebexConnectResponse) => Promise<void>;

/** A restify server, an Express app or an Express router, as far as {@link HealthRoutes.mount} uses it. */
export interface HealthMountTarget {
  /** Answers GET. */
  get(path: string, handler: HealthHandler): unknown;
  /** Answers HEAD. */
  head(path: string, handler: HealthHandler): unknown;
  /** Express has it: other methods are then answered 405. restify does so by itself. */
  all?(path: string, handler: HealthHandler): unknown;
}

/** What {@link healthRoutes} makes. */
export interface HealthRoutes {
  /** 200 for as long as the process answers at all: whether to restart it. Asks nothing of the store. */
  readonly live: HealthHandler;
  /** 200 when the adapter's health is `pass` or `warn`, 503 when it is `fail`: whether to send it traffic. */
  readonly ready: HealthHandler;
  /** Adds `<path>/live` and `<path>/ready` to a restify server, an Express app or an Express router. */
  mount(target: HealthMountTarget): void;
  /**
   * Answers requests for `<path>/live` and `<path>/ready`, for a server of bare `node:http`.
   *
   * @returns Whether the request is for one of them; otherwise it was left alone.
   */
  handle(req: HealthRequest, res: WebexConnectResponse): boolean;
}

const text = z.string().min(1).optional();

/** Every option, its default and its description: `docs/configuration.md` is made from it. */
export const healthRoutesOptionsSchema = z.strictObject({
  path: z
    .string()
    .regex(/^(\/[\w.~-]+)*$/, "must be empty, or begin with '/' and not end with it")
    .default('/health')
    .describe('What `live` and `ready` are put under.'),
  showDetails: z
    .boolean()
    .default(true)
    .describe('Whether `ready` tells reasons and numbers; `false` is for routes that strangers can reach.'),
  version: text.describe("The bot's public version, shown in the answers."),
  releaseId: text.describe("The bot's release, a build or a commit, shown in the answers."),
  serviceId: text.describe("The bot's id among its kind, shown in the answers."),
  description: text.describe('What the bot is, in words, shown in the answers.'),
});

/** Options of {@link healthRoutes}; all have defaults. */
export interface HealthRoutesOptions {
  /** What `live` and `ready` are put under; `/health` by default. */
  readonly path?: string;
  /**
   * Whether `ready` tells reasons and numbers; true by default. They hold no secret, but strangers need not know them:
   * false leaves only the status.
   */
  readonly showDetails?: boolean;
  /** The bot's public version. */
  readonly version?: string;
  /** The bot's release: a build or a commit. */
  readonly releaseId?: string;
  /** The bot's id among its kind. */
  readonly serviceId?: string;
  /** What the bot is, in words. */
  readonly description?: string;
}

/**
 * Routes for load balancers, Kubernetes and people: `application/health+json`, after
 * draft-inadarei-api-health-check-06, for restify, Express 4 and 5, and `node:http`.
 *
 * ```ts
 * healthRoutes(adapter).mount(server); // GET /health/live, GET /health/ready
 * ```
 *
 * @throws {WebexConnectConfigurationError} when an option is wrong, with its path.
 */
export function healthRoutes(
  adapter: { health(): Promise<AdapterHealth> },
  options: HealthRoutesOptions = {},
): HealthRoutes {
  const { path, showDetails, ...identity } = readOptions(healthRoutesOptionsSchema, options, 'healthRoutes');

  const isAlive = async (): Promise<HealthDocument> => ({ status: 'pass', ...identity });
  const isReady = async (): Promise<HealthDocument> => {
    const health = await adapter.health();
    return showDetails ? healthDocumentOf(health, identity) : { status: health.status, ...identity };
  };
  // Arity two and async: so restify, which looks at both, takes them as they are.
  const live: HealthHandler = async (req, res) => writeAnswer(res, await answerTo(req, isAlive));
  const ready: HealthHandler = async (req, res) => writeAnswer(res, await answerTo(req, isReady));
  const handlers = new Map([
    [`${path}/live`, live],
    [`${path}/ready`, ready],
  ]);

  return {
    live,
    ready,
    mount(target) {
      for (const [route, handler] of handlers) {
        if (target.all === undefined) {
          target.get(route, handler);
          target.head(route, handler);
        } else target.all(route, handler);
      }
    },
    handle(req, res) {
      const handler = handlers.get(req.url?.split('?')[0] ?? '');
      if (handler !== undefined) void handler(req, res);
      return handler !== undefined;
    },
  };
}

async function answerTo(
  { method = 'GET' }: HealthRequest,
  read: () => Promise<HealthDocument>,
): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return plainAnswer(405, { Allow: 'GET, HEAD' });
  const document = await read();
  return {
    status: document.status === 'fail' ? 503 : 200,
    headers: { 'Content-Type': 'application/health+json', 'Cache-Control': 'no-store' },
    // Node leaves the body away where it has no place, and says how long it would have been.
    body: JSON.stringify(document),
  };
}
