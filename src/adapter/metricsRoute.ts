import { PROMETHEUS_CONTENT_TYPE } from '../operations/telemetry/prometheusText';
import { type Answer, plainAnswer, writeAnswer } from './http/answer';
import type { WebexConnectResponse } from './http/httpTypes';

/** Answers a request for metrics, of restify, Express or `node:http`. */
export type MetricsHandler = (
  req: { readonly method?: string | undefined },
  res: WebexConnectResponse,
) => Promise<void>;

/**
 * A route for Prometheus, in its text format. It tells strangers how busy the bot is: bind it to an address inside.
 *
 * ```ts
 * server.get('/metrics', metricsRoute(adapter));
 * ```
 */
export function metricsRoute(adapter: { metrics(): Promise<string> }): MetricsHandler {
  // Arity two and async: so restify, which looks at both, takes it as it is.
  return async (req, res) => writeAnswer(res, await answerTo(req.method, adapter));
}

async function answerTo(
  method: string | undefined,
  adapter: { metrics(): Promise<string> },
): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return plainAnswer(405, { Allow: 'GET, HEAD' });
  const headers = { 'Content-Type': PROMETHEUS_CONTENT_TYPE, 'Cache-Control': 'no-store' };
  return { status: 200, headers, body: await adapter.metrics() };
}
