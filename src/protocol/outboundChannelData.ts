import { z } from 'zod';
import { WebexConnectInvalidActivityError } from '../errors';
import { isJsonObject, type JsonValue, toJsonValue } from './json';
import { type CustomParams, customParamText, isCustomParamName, numberCustomParams } from './outboundPayload';

/**
 * `channelData.webexConnect` of an activity the bot sends.
 *
 * - `messageType`: `Messagetype` on the wire; a text of another type than the default is never split.
 * - `customParams`: a list is sent as `customparam1..N`; an object whose keys are all `customparamN` as it is; any
 *   other object as JSON in `customparam1`.
 * - `eventId`: sends an `event` activity under this `eventid`.
 */
const schema = z.looseObject({
  messageType: z.string().min(1).optional(),
  customParams: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
  eventId: z.union([z.string().min(1), z.int().transform(String)]).optional(),
});

const containerSchema = z.looseObject({ webexConnect: z.unknown() });

const NO_OVERRIDES: OutboundOverrides = { messageType: undefined, customParams: {}, eventId: undefined };

/** What a bot may say to the adapter about one outgoing activity. */
export type OutboundChannelData = z.input<typeof schema>;

/** {@link OutboundChannelData}, read. */
export interface OutboundOverrides {
  readonly messageType: string | undefined;
  readonly customParams: CustomParams;
  readonly eventId: string | undefined;
}

/**
 * Reads `channelData.webexConnect`.
 *
 * @throws {WebexConnectInvalidActivityError} when it is there but wrong, naming the field.
 */
export function readOutboundOverrides(channelData: unknown): OutboundOverrides {
  if (channelData === undefined) return NO_OVERRIDES;
  const given = containerSchema.safeParse(channelData).data?.webexConnect;
  if (given === undefined || given === null) return NO_OVERRIDES;
  const own = schema.safeParse(given);
  if (!own.success) {
    const issue = own.error.issues[0];
    const path = ['channelData', 'webexConnect', ...(issue?.path ?? [])].join('.');
    throw new WebexConnectInvalidActivityError(`${path}: ${issue?.message ?? 'invalid'}. Nothing was sent.`);
  }
  return {
    messageType: own.data.messageType,
    customParams: own.data.customParams === undefined ? {} : toCustomParams(own.data.customParams),
    eventId: own.data.eventId,
  };
}

function toCustomParams(given: object): CustomParams {
  const params: JsonValue | undefined = toJsonValue(given);
  if (params === undefined) {
    throw new WebexConnectInvalidActivityError(
      'channelData.webexConnect.customParams: JSON cannot carry it. Nothing was sent.',
    );
  }
  if (Array.isArray(params)) return numberCustomParams(params);
  if (!isJsonObject(params)) return numberCustomParams([params]);
  if (!Object.keys(params).every(isCustomParamName)) return numberCustomParams([params]);
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, customParamText(value)]));
}
