export type { AdapterHealth } from './adapter/adapterHealth';
export type { WebexConnectRequest, WebexConnectResponse } from './adapter/http/httpTypes';
export type { WebexConnectAdapterOptions } from './adapter/options';
export type { TurnLogic } from './adapter/turnLogics';
export { WebexConnectActivityHandler } from './adapter/webexConnectActivityHandler';
export { WebexConnectAdapter } from './adapter/webexConnectAdapter';
export type { Clock, ClockTimer } from './clock';
export type { AnswerVerdict } from './delivery/webhookClient';
export {
  LeaseLostError,
  StoreClosedError,
  StoreInUseError,
  StoreSchemaError,
  StoreUnavailableError,
  WebexConnectConfigurationError,
  WebexConnectError,
  type WebexConnectErrorCode,
  WebexConnectInvalidActivityError,
  WebexConnectNotFoundError,
  WebexConnectNotRunningError,
  WebexConnectNotSupportedError,
} from './errors';
export type { LogFields, Logger } from './logger';
export type { CounterName, Counters } from './operations/counters';
export type { DeadLetters } from './operations/deadLetters';
export type { Quarantine } from './operations/quarantine';
export {
  type DeliveryFailedValue,
  type InboundChannelData,
  type MessageDeliveryValue,
  type MirroredMessageValue,
  WEBEX_CONNECT_CHANNEL_ID,
  WebexConnectEventNames,
} from './protocol/eventNames';
export type { InboundEvent } from './protocol/inboundEvent';
export type { JsonObject, JsonValue } from './protocol/json';
export type { OutboundChannelData } from './protocol/outboundChannelData';
export type * from './store/deliveryStore';
export { MemoryStore } from './store/memoryStore';
