import type {
  AgentConversationView,
  Attempt,
  ChatMessage,
  CustomerView,
  EventToBot,
  FaultRule,
  IntegrationView,
  PostFromBot,
  ServedWorld,
  Violation,
} from '../../../src/world';

/** 2026-03-09 14:05:00 GMT, the reference's own afternoon. */
export const START = Date.UTC(2026, 2, 9, 14, 5, 0);

export const EMPTY_WORLD: ServedWorld = {
  clock: { now: START, isPaused: true, nextRetryAt: undefined },
  integration: anIntegration(),
  rule: 'BOT',
  customers: [],
  desk: [],
  wire: [],
  faults: [],
  violations: [],
  dialect: 'documented',
  isRecording: false,
};

export function aWorld(parts: Partial<ServedWorld> = {}): ServedWorld {
  return { ...EMPTY_WORLD, ...parts };
}

export function anIntegration(parts: Partial<IntegrationView> = {}): IntegrationView {
  return {
    name: 'Service desk bot',
    platform: 'OTHERS',
    botUrl: 'http://localhost:3978/api/webex-connect',
    hasVerificationToken: true,
    hasAccessToken: false,
    webhookUrl: 'http://localhost:4000/hooks/2f6d0a9b1e11',
    status: 'active',
    consecutiveFailures: 0,
    lastVerifyProblem: undefined,
    transcriptUrl: undefined,
    ...parts,
  };
}

export function aCustomer(name: string, parts: Partial<CustomerView> = {}): CustomerView {
  return {
    id: `customer-${name.toLowerCase()}`,
    name,
    channel: 'FB',
    userId: `user-${name.toLowerCase()}`,
    conversationId: `CONV-${name.toLowerCase()}`,
    holder: 'bot',
    chat: [],
    suggestions: [],
    ...parts,
  };
}

export function aMessage(id: string, text: string, parts: Partial<ChatMessage> = {}): ChatMessage {
  return {
    id,
    author: 'bot',
    agent: undefined,
    text,
    media: undefined,
    postback: undefined,
    at: START + 1000,
    conversationId: 'CONV-alice',
    receipt: 'none',
    ...parts,
  };
}

export function anAgentConversation(
  customer: CustomerView,
  parts: Partial<AgentConversationView> = {},
): AgentConversationView {
  return {
    id: `AGENT-${customer.name.toLowerCase()}`,
    botConversationId: customer.conversationId ?? '',
    customerId: customer.id,
    customerName: customer.name,
    status: 'queued',
    agent: undefined,
    queuedAt: START - 65_000,
    customParams: {
      customparam1: '{"skill":"billing","order":{"number":90071992547409931}}',
      customparam2: 'customer: Where is my order?\nbot: One moment please.',
    },
    chat: [],
    ...parts,
  };
}

export function anAttempt(parts: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    at: START + 1250,
    tookMs: 12,
    status: 200,
    problem: undefined,
    answer: '{"verification_token":"the-token"}',
    token: 'right',
    fault: undefined,
    ...parts,
  };
}

export function anEvent(id: string, parts: Partial<EventToBot> = {}): EventToBot {
  return {
    kind: 'toBot',
    id,
    conversationId: 'CONV-alice',
    event: 'Incoming message',
    body: '{"Conversationid":"CONV-alice","ConversationType":"BOT","Message":"Where\'s my order?","Event":"Incoming message","Timestamp":"2026-03-09 14:05:01.25"}',
    state: 'answered',
    dueAt: undefined,
    attempts: [anAttempt()],
    ...parts,
  };
}

export function aPost(id: string, parts: Partial<PostFromBot> = {}): PostFromBot {
  return {
    kind: 'fromBot',
    id,
    at: START + 1400,
    conversationId: 'CONV-alice',
    eventId: '1001',
    body: '{"eventid":"1001","conversation_id":"CONV-alice","message":"On its way.","Messagetype":"TEXT","Timestamp":"2026-03-09 14:05:01.400"}',
    headers: { host: 'localhost:4000', 'content-type': 'application/json', 'idempotency-key': 'a-1' },
    problems: [],
    status: 200,
    tookMs: 3,
    fault: undefined,
    isRepeat: false,
    ...parts,
  };
}

export function aFault(id: string, parts: Partial<FaultRule> = {}): FaultRule {
  return {
    id,
    direction: 'toBot',
    match: { event: 'Incoming message', attempt: 1 },
    effect: { kind: 'status', status: 503, retryAfterSeconds: 30 },
    played: 2,
    ...parts,
  };
}

export function aViolation(id: string, parts: Partial<Violation> = {}): Violation {
  return {
    id,
    rule: 'doubled',
    at: START + 2000,
    conversationId: 'CONV-alice',
    message: 'The bot said “On its way.” twice.',
    evidence: ['wire-2'],
    ...parts,
  };
}

/** A busy afternoon: two customers, one of them with an agent, and some trouble on the wire. */
export function busyWorld(): ServedWorld {
  const alice = aCustomer('Alice', {
    chat: [
      aMessage('a1', "Where's my order?", { author: 'customer' }),
      aMessage('a2', 'Your order 4711 is on its way.\n1. Track it\n2. Change the address', {
        receipt: 'Read',
      }),
      aMessage('a3', '', { author: 'customer', postback: 'TRACK_ORDER' }),
      aMessage('a4', 'It reaches you tomorrow before noon.', { receipt: 'Delivered' }),
      aMessage('a5', 'This is the parcel', { author: 'customer', media: 'https://example.com/parcel.jpg' }),
      aMessage('a6', 'Thank you for the photo. Anything else?', { receipt: 'Failed' }),
    ],
    suggestions: ['Track it', 'Change the address', 'Talk to an agent'],
  });
  const bob = aCustomer('Bob', {
    channel: 'WHATSAPP',
    holder: 'contactCentre',
    chat: [
      aMessage('b1', 'I want to talk to a human', { author: 'customer' }),
      aMessage('b2', 'One moment please, I am looking for an agent.'),
      aMessage('b3', 'Hello Bob, this is Ava. What can I do for you?', { author: 'agent', agent: 'Ava' }),
      aMessage('b4', 'My invoice is wrong.', { author: 'customer' }),
    ],
  });
  const chloe = aCustomer('Chloé', { channel: 'SMS', holder: 'contactCentre' });
  return aWorld({
    clock: { now: START + 60_000, isPaused: true, nextRetryAt: START + 119_000 },
    integration: anIntegration({ consecutiveFailures: 2 }),
    customers: [alice, bob],
    desk: [
      anAgentConversation(chloe, { id: 'AGENT-chloe' }),
      anAgentConversation(bob, {
        status: 'open',
        agent: 'Ava',
        chat: bob.chat.slice(2).map((message) => ({ ...message, conversationId: 'AGENT-bob' })),
      }),
    ],
    wire: [
      anEvent('wire-0', {
        event: 'Verify',
        conversationId: undefined,
        body: '{}',
        attempts: [anAttempt({ at: START + 20 })],
      }),
      anEvent('wire-1'),
      aPost('wire-2'),
      aPost('wire-3', { isRepeat: true, fault: 'answered late, after 4 s', tookMs: 4003 }),
      anEvent('wire-4', {
        event: 'FB POSTBACK',
        state: 'retrying',
        dueAt: START + 119_000,
        attempts: [
          anAttempt({
            tookMs: 5000,
            status: undefined,
            problem: 'no answer within 5 s',
            answer: '',
            token: 'notChecked',
          }),
          anAttempt({
            number: 2,
            at: START + 59_000,
            status: 503,
            problem: 'status 503',
            answer: 'busy',
            token: 'missing',
            fault: 'status 503',
          }),
        ],
      }),
      aPost('wire-5', {
        eventId: '1002',
        conversationId: 'CONV-bob',
        body: '{"eventid":"1002","conversation_id":"CONV-bob","Timestamp":"2026-03-09 14:05:30.000","customparam1":"{\\"skill\\":\\"billing\\"}"}',
      }),
      anEvent('wire-6', { event: 'Agent message', conversationId: 'AGENT-bob' }),
      aPost('wire-7', {
        conversationId: 'CONV-nobody',
        status: 400,
        problems: ['conversation_id: no conversation has this ID', 'Messagetype: is missing'],
      }),
    ],
    faults: [aFault('fault-1')],
    violations: [
      aViolation('violation-1'),
      aViolation('violation-2', {
        rule: 'wrongConversation',
        message: 'A reply names the conversation CONV-nobody, which does not exist.',
        evidence: ['wire-7'],
      }),
    ],
  });
}
