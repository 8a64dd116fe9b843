import type { z } from 'zod';
import type { Clock } from '../clock';
import { type DestinationClient, WebhookClient } from '../delivery/webhookClient';
import { readOptions } from '../optionSchema';
import type { JsonObject } from '../protocol/json';
import type { CcspBridge, CcspDestination, DestinationSettings, HandoverRequest } from './ccspBridge';
import { httpCcspBridgeOptionsSchema } from './httpCcspBridgeOptions';
import { WebhookSigner } from './webhookSigner';

/** Options of {@link HttpCcspBridge}. Only `url` and `secret` have no default. */
export type HttpCcspBridgeOptions = z.input<typeof httpCcspBridgeOptionsSchema>;

type Settings = z.output<typeof httpCcspBridgeOptionsSchema>;

/** Standard Webhooks' `type` of the request. */
const EVENT_TYPE = 'handover.initiated';

/**
 * Hands conversations over to a contact centre's own endpoint: a POST of context and transcript as JSON, signed after
 * Standard Webhooks (https://www.standardwebhooks.com). `webhook-id` is the same in every attempt, so that the
 * receiver can tell a repeat.
 *
 * @example
 * ```ts
 * const centre = new HttpCcspBridge({ url: 'https://ccsp.example/handovers', secret });
 * // 1002 first: only that makes Webex Connect send the customer's next messages to the contact centre.
 * new HandoverMiddleware({ bridge: [new WebexConnectBridge(), centre] });
 * ```
 */
export class HttpCcspBridge implements CcspBridge {
  readonly destination: CcspDestination;

  /** @throws {WebexConnectConfigurationError} when an option is wrong, with its path and never its value. */
  constructor(options: HttpCcspBridgeOptions) {
    const settings = readOptions(httpCcspBridgeOptionsSchema, options, 'HttpCcspBridge');
    // URL, headers and secret live in this closure alone, where no log or inspection finds them (I9).
    this.destination = {
      name: settings.name,
      createClient: (destination, clock) => createClient(settings, destination, clock),
    };
  }

  compose(handover: HandoverRequest): JsonObject {
    const { id, conversationId, channel, requestedAt, context, transcript, customParams } = handover;
    return {
      type: EVENT_TYPE,
      timestamp: new Date(requestedAt).toISOString(),
      data: {
        id,
        conversationId,
        ...(channel !== undefined && { channel }),
        ...(context !== undefined && { context }),
        transcript: transcript.map(({ author, text, timestamp }) => ({ author, text, timestamp })),
        customParams,
      },
    };
  }
}

function createClient(
  { url, secret, timeoutMs, headers }: Settings,
  destination: DestinationSettings,
  clock: Clock,
): DestinationClient {
  const signer = new WebhookSigner(secret);
  return new WebhookClient(
    {
      url,
      timeoutMs: timeoutMs ?? destination.timeoutMs,
      maxConnections: destination.maxConnections,
      judgeAnswer: () => 'accepted',
      platformMessageId: () => undefined,
      headersOf: (message, now) => ({ ...headers, ...signer.headersOf(message.id, now, message.body) }),
    },
    clock,
  );
}
