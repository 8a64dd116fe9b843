import { z } from 'zod';
import { WebexConnectInvalidActivityError } from '../errors';
import { callback, readOptions } from '../optionSchema';
import { type JsonObject, type JsonValue, toJsonValue } from '../protocol/json';
import {
  type CustomParams,
  encodeHandover,
  isCustomParamName,
  numberCustomParams,
} from '../protocol/outboundPayload';
import type { BridgeConventions, CcspBridge, HandoverRequest } from './ccspBridge';
import { defaultHandoverParams } from './handoverParams';

const DEFAULT_SUMMARY_LENGTH = 1000;

/** Every option, its default and its description. */
export const webexConnectBridgeOptionsSchema = z
  .strictObject({
    params: callback<(handover: HandoverRequest) => readonly JsonValue[]>()
      .optional()
      .describe(
        'The values of `customparam1..N`; by default the context, then a summary of what was said. ' +
          'What is no text goes as JSON.',
      ),
    maxParams: z
      .int()
      .min(0)
      .default(20)
      .describe("The most custom parameters of one handover, the bot's own included; more are refused."),
    maxParamLength: z
      .int()
      .min(1)
      .default(10_000)
      .describe('UTF-16 units of one custom parameter; a longer one is refused, never cut.'),
    maxSummaryLength: z
      .int()
      .min(0)
      .optional()
      .describe(
        'UTF-16 units of the summary, of which the newest lines are kept; by default 1000, for one contact centre ' +
          'truncates at 1,024. 0: no summary.',
      ),
  })
  .refine(
    ({ maxSummaryLength, maxParamLength }) =>
      maxSummaryLength === undefined || maxSummaryLength <= maxParamLength,
    { path: ['maxSummaryLength'], message: 'must not be greater than maxParamLength' },
  );

/** Options of {@link WebexConnectBridge}. All have defaults. */
export type WebexConnectBridgeOptions = z.input<typeof webexConnectBridgeOptionsSchema>;

type Settings = z.output<typeof webexConnectBridgeOptionsSchema>;

/**
 * Hands conversations over through Webex Connect itself: the event *Conversation Handover to Agent* (`eventid` 1002)
 * on the integration's webhook, in order with the bot's replies.
 */
export class WebexConnectBridge implements CcspBridge {
  readonly destination = 'webhook';
  readonly #settings: Settings;

  /** @throws {WebexConnectConfigurationError} when an option is wrong, with its path. */
  constructor(options: WebexConnectBridgeOptions = {}) {
    this.#settings = readOptions(webexConnectBridgeOptionsSchema, options, 'WebexConnectBridge');
  }

  /**
   * Writes 1002. Parameters that the bot has set itself outrank the mapped ones of the same name.
   *
   * @throws {WebexConnectInvalidActivityError} when there are too many parameters, or one is too long: half of a JSON
   * text means nothing, and nobody would miss what was left out in silence.
   */
  compose(handover: HandoverRequest, { hourClock }: BridgeConventions): JsonObject {
    const customParams = { ...numberCustomParams(this.#map(handover)), ...handover.customParams };
    this.#check(customParams);
    return encodeHandover({
      conversationId: handover.conversationId,
      time: handover.requestedAt,
      hourClock,
      customParams,
    });
  }

  #map(handover: HandoverRequest): readonly JsonValue[] {
    const { params, maxParamLength } = this.#settings;
    const { maxSummaryLength = Math.min(DEFAULT_SUMMARY_LENGTH, maxParamLength) } = this.#settings;
    if (params === undefined) return defaultHandoverParams(handover, maxSummaryLength);
    const mapped = toJsonValue(params(handover));
    if (isList(mapped)) return mapped;
    throw refusal("the option 'params' must return a list of what JSON can carry");
  }

  #check(customParams: CustomParams): void {
    const { maxParams, maxParamLength } = this.#settings;
    const entries = Object.entries(customParams);
    // Any other name would overwrite a field of the event, such as the conversation's ID (I8).
    if (!entries.every(([name]) => isCustomParamName(name))) {
      throw refusal('custom parameters are named customparam1, customparam2 and so on');
    }
    if (entries.length > maxParams) {
      throw refusal(`it has ${entries.length} custom parameters, but the option 'maxParams' is ${maxParams}`);
    }
    const tooLong = entries.find(([, value]) => value.length > maxParamLength);
    if (tooLong === undefined) return;
    const [name, { length }] = tooLong;
    throw refusal(
      `${name} has ${length} characters, but the option 'maxParamLength' is ${maxParamLength}; ` +
        "shorten the hand-off's context, or map it with the option 'params'",
    );
  }
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Never quotes a parameter: it may hold what the customer said (I9). */
function refusal(reason: string): WebexConnectInvalidActivityError {
  return new WebexConnectInvalidActivityError(`The handover was not sent: WebexConnectBridge: ${reason}.`);
}
