import type { JsonObject } from './json';
import { type CustomParams, customParamText, isCustomParamName } from './outboundPayload';
import { normaliseFieldName } from './wireFields';

/** `customparam999`: whoever counts further counts on filling the store. */
const MAX_NAME_LENGTH = 'customparam999'.length;

/** UTF-16 units of a parameter that are kept: a record of a conversation is no archive. */
const MAX_KEPT_LENGTH = 1000;

/**
 * The custom parameters that an event brings, under their documented names. That Webex Connect gives a bot's
 * parameters back, or sets its own, is an assumption.
 */
export function customParamsOf(payload: JsonObject): CustomParams {
  return Object.fromEntries(
    Object.entries(payload)
      .map(([name, value]) => [normaliseFieldName(name), value] as const)
      .filter(([name]) => isCustomParamName(name) && name.length <= MAX_NAME_LENGTH)
      .map(([name, value]) => [name, customParamText(value).slice(0, MAX_KEPT_LENGTH)]),
  );
}
