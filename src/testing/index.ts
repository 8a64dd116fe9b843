export type { Clock, ClockTimer } from '../clock';
export { assertActivity, assertReplies } from './assertions';
export {
  type EventFields,
  type IncomingMessageFields,
  incomingMessage,
  type MirroredMessageFields,
  messageDelivery,
  mirroredMessage,
  postback,
  TEST_CONVERSATION_ID,
} from './eventBuilders';
export { ManualClock } from './manualClock';
export {
  type BotEvent,
  type BotRequest,
  MockWebexConnect,
  type MockWebexConnectOptions,
  mockWebexConnect,
} from './mockWebexConnect';
export {
  type BotUnderTest,
  type PlatformAnswer,
  type PlatformRequest,
  postToBot,
  type TurnLogicUnderTest,
} from './postToBot';
