export {
  type HealthHandler,
  type HealthMountTarget,
  type HealthRequest,
  type HealthRoutes,
  type HealthRoutesOptions,
  healthRoutes,
} from './adapter/healthRoutes';
export { allowAddresses } from './adapter/http/allowAddresses';
export type { Caller } from './adapter/http/caller';
export type { WebexConnectRequest, WebexConnectResponse } from './adapter/http/httpTypes';
export { type MetricsHandler, metricsRoute } from './adapter/metricsRoute';
export type { WebexConnectAdapterOptions } from './adapter/options';
export type { TurnLogic } from './adapter/turnLogics';
export { WebexConnectActivityHandler } from './adapter/webexConnectActivityHandler';
export {
  type AdapterListener,
  type ClaimsIdentity,
  WebexConnectAdapter,
} from './adapter/webexConnectAdapter';
export type {
  BridgeConventions,
  CcspBridge,
  CcspDestination,
  DestinationSettings,
  HandoverRequest,
} from './ccsp/ccspBridge';
export { HttpCcspBridge, type HttpCcspBridgeOptions } from './ccsp/httpCcspBridge';
export { WebexConnectBridge, type WebexConnectBridgeOptions } from './ccsp/webexConnectBridge';
export type { Clock, ClockTimer } from './clock';
export type { AttemptTrace } from './delivery/attempt';
export type { SendOutcome } from './delivery/sendOutcome';
export type { AnswerVerdict, DestinationClient } from './delivery/webhookClient';
export {
  LeaseLostError,
  StoreClosedError,
  StoreInUseError,
  StoreSchemaError,
  StoreUnavailableError,
  WebexConnectConfigurationError,
  WebexConnectError,
  type WebexConnectErrorCode,
  WebexConnectHandedOverError,
  WebexConnectInvalidActivityError,
  WebexConnectNotFoundError,
  WebexConnectNotRunningError,
  WebexConnectNotSupportedError,
} from './errors';
export type { LogFields, Logger } from './logger';
export {
  AgentMirrorMiddleware,
  type AgentMirrorMiddlewareOptions,
  type AgentMirrorSettings,
  type SpokenText,
} from './middleware/agentMirrorMiddleware';
export { ConversationTracker } from './middleware/conversationTracker';
export { handover } from './middleware/handover';
export {
  HandoverMiddleware,
  type HandoverMiddlewareOptions,
  type HandoverSettings,
} from './middleware/handoverMiddleware';
export type { Conversations, TranscriptPage } from './operations/conversations';
export type { CounterName, Counters } from './operations/counters';
export type { DeadLetters } from './operations/deadLetters';
export type * from './operations/health/adapterHealth';
export type { AlertPercent } from './operations/health/alertLevels';
export type {
  HealthDocument,
  HealthDocumentCheck,
  ServiceIdentity,
} from './operations/health/healthDocument';
export type * from './operations/health/healthEvents';
export { fromPino, type PinoLike, type PinoMethod } from './operations/loggers/fromPino';
export { fromWinston, type WinstonLike } from './operations/loggers/fromWinston';
export type { Quarantine } from './operations/quarantine';
export type { EventSketch } from './protocol/decodeEvent';
export {
  type DeliveryFailedValue,
  HANDOFF_STATUS,
  type HandoffStatusValue,
  type InboundChannelData,
  type MessageDeliveryValue,
  type MirroredMessageValue,
  WEBEX_CONNECT_CHANNEL_ID,
  WebexConnectEventNames,
} from './protocol/eventNames';
export type {
  InboundEvent,
  InboundEventBase,
  IncomingMessageEvent,
  MessageDeliveryEvent,
  MirroredAuthor,
  MirroredMessageEvent,
  OfAgent,
  PostbackEvent,
  StatedTie,
  UnknownEvent,
} from './protocol/inboundEvent';
export type { JsonObject, JsonValue } from './protocol/json';
export type { MediaItem, MediaLink } from './protocol/media';
export type { OutboundChannelData } from './protocol/outboundChannelData';
export type { CustomParams } from './protocol/outboundPayload';
export type { HourClock } from './protocol/timestamps';
export type { TranscriptAuthor, TranscriptLine } from './protocol/transcript';
export type {
  AgentConversation,
  BotConversationRecord,
  ConversationPhase,
  ConversationRecord,
  ConversationState,
  EndedHandover,
  Handover,
  Observed,
  RecordBase,
  SeenEvent,
  TiedBy,
  TiedConversationRecord,
  UntiedConversationRecord,
} from './store/conversationRecord';
export type {
  AcceptOutcome,
  AcceptTerms,
  ClaimedSend,
  ClaimedTurn,
  ClaimTerms,
  ConversationChange,
  ConversationStep,
  ConversationTie,
  ConversationUpdate,
  DeadLetter,
  DeliveryStore,
  DestinationHealth,
  HealthUpdate,
  InboxSource,
  MessageRole,
  NewInboxEvent,
  NewOutboxMessage,
  NewQuarantinedRequest,
  OutboxMessage,
  Page,
  QuarantinedItem,
  ReplayOutcome,
  SendSettlement,
  SettledSend,
  SettleSendTerms,
  StageGate,
  StageOutcome,
  StageTerms,
  StoreStats,
  TieChange,
  TieIds,
  TurnSettlement,
} from './store/deliveryStore';
export type * from './store/history';
export { MemoryStore } from './store/memoryStore';
export type {
  CommandState,
  OperatorAnswer,
  OperatorCommand,
  OperatorCommands,
  OperatorRequests,
  StoreUser,
  SubmitTerms,
  SubmittedCommand,
  TakenCommand,
} from './store/operatorCommands';
export type { TranscriptEntry } from './store/transcriptEntry';
