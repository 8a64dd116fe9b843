import type {
  ClockControl,
  Customer,
  Desk,
  FaultControl,
  IntegrationControl,
  Judge,
} from '../../src/emulatorApi';
import type { StagedEmulator } from '../../src/scenario/stage';
import type {
  AgentConversationView,
  Channel,
  ChatMessage,
  CustomerView,
  FaultRule,
  Violation,
  WireEntry,
  World,
} from '../../src/world';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const START = Date.UTC(2026, 2, 9, 14, 0, 0);

/** An emulator without a bot: keeps what it is told, and shows what a test puts into it. */
export class FakeEmulator implements StagedEmulator {
  /** What was called, with its arguments. */
  readonly calls: unknown[][] = [];
  /** The customers that were asked for, with their channels. */
  readonly asked: [name: string, channel: Channel | undefined][] = [];
  readonly customers: Mutable<CustomerView>[] = [];
  readonly conversations: Mutable<AgentConversationView>[] = [];
  readonly wire: WireEntry[] = [];
  readonly violations: Violation[] = [];
  faultRules: FaultRule[] = [];
  canVerify = true;
  integrationView: World['integration'] = {
    name: 'Bot',
    platform: 'OTHERS',
    botUrl: 'http://localhost:3978/api/webex-connect',
    hasVerificationToken: false,
    hasAccessToken: false,
    webhookUrl: 'http://127.0.0.1:4000/hooks/secret',
    status: 'active',
    consecutiveFailures: 0,
    lastVerifyProblem: undefined,
    transcriptUrl: undefined,
  };
  /** What the next calls throw. */
  refusal: Error | undefined;
  /** What a customer's message has to wait for. */
  delay: Promise<void> = Promise.resolve();
  /** What the bot answers a customer. */
  bot: (text: string) => string | undefined = () => undefined;
  readonly #listeners = new Set<() => void>();
  #now = START;
  #isPaused = false;
  #rule: World['rule'] = 'BOT';
  #dialect: World['dialect'] = 'documented';
  #ids = 0;

  get listenerCount(): number {
    return this.#listeners.size;
  }

  readonly integration: IntegrationControl = {
    verify: async () => {
      this.#did('verify');
      this.integrationView = { ...this.integrationView, status: this.canVerify ? 'active' : 'unverified' };
      if (!this.canVerify) this.integrationView = { ...this.integrationView, lastVerifyProblem: 'no token' };
      this.changed();
      return this.canVerify;
    },
    edit: (changes) => this.#did('edit', changes),
  };

  readonly clock: ClockControl = {
    now: () => this.#now,
    pause: () => {
      this.#did('pause');
      this.#isPaused = true;
    },
    resume: () => {
      this.#did('resume');
      this.#isPaused = false;
    },
    jump: async (milliseconds) => {
      this.#did('jump', milliseconds);
      this.#now += milliseconds;
    },
    stepToNextRetry: async () => {
      this.#did('step');
      this.#now += 5000;
    },
  };

  readonly faults: FaultControl = {
    add: (rule) => {
      this.#did('addFault', rule);
      const fault: FaultRule = { id: `fault-${++this.#ids}`, match: {}, played: 0, ...rule };
      this.faultRules.push(fault);
      return fault;
    },
    remove: (id) => {
      this.#did('removeFault', id);
      this.faultRules = this.faultRules.filter((fault) => fault.id !== id);
    },
    clear: () => {
      this.#did('clearFaults');
      this.faultRules = [];
    },
  };

  readonly desk: Desk = {
    receives: () => Promise.reject(new Error('not here')),
    pickUp: (conversation, agent) => this.#did('pickUp', conversation, agent),
    says: async (conversation, text) => this.#did('agentSays', conversation, text),
    transfer: (conversation, agent) => this.#did('transfer', conversation, agent),
    close: async (conversation) => this.#did('close', conversation),
  };

  readonly judge: Judge = {
    violations: this.violations,
    settle: () => this.violations,
    verdict: async () => this.violations,
    botEnds: () => this.#did('botEnds'),
    botRuns: () => this.#did('botRuns'),
    clear: () => this.#did('clearViolations'),
  };

  customer(name: string, channel?: Channel): Customer {
    this.asked.push([name, channel]);
    const view = this.#viewOf(name, channel ?? 'FB');
    const says = async (text: string, media?: string, postback?: string) => {
      this.#did('says', name, text, media, postback);
      view.conversationId ??= `conversation of ${name}`;
      this.shows(name, 'customer', text);
      const answer = this.bot(text);
      if (answer !== undefined) this.shows(name, 'bot', answer);
      await this.delay;
    };
    return {
      id: view.id,
      name,
      conversationId: view.conversationId,
      chat: view.chat,
      says: (text) => says(text),
      taps: (payload) => says('', undefined, payload),
      sends: (mediaUrl, text = '') => says(text, mediaUrl),
      reads: () => Promise.reject(new Error('not here')),
      acknowledges: async (receipt) => this.#did('acknowledges', name, receipt),
    };
  }

  /** Puts a message into a customer's chat. */
  shows(name: string, author: ChatMessage['author'], text: string): void {
    const view = this.#viewOf(name, 'FB');
    const id = `message-${++this.#ids}`;
    const conversationId = view.conversationId ?? '';
    const message: ChatMessage = {
      id,
      author,
      agent: undefined,
      text,
      media: undefined,
      postback: undefined,
      at: this.#now,
      conversationId,
      receipt: 'none',
    };
    view.chat = [...view.chat, message];
    this.changed();
  }

  /** Hands a customer over. */
  handsOver(name: string, customParams: Record<string, string> = {}): string {
    const id = `agent-conversation-${++this.#ids}`;
    this.conversations.push({
      id,
      botConversationId: `conversation of ${name}`,
      customerId: this.#viewOf(name, 'FB').id,
      customerName: name,
      status: 'queued',
      agent: undefined,
      queuedAt: this.#now,
      customParams,
      chat: [],
    });
    this.changed();
    return id;
  }

  violates(rule: Violation['rule']): void {
    const id = `violation-${++this.#ids}`;
    this.violations.push({
      id,
      rule,
      at: this.#now,
      conversationId: undefined,
      message: `It ${rule}.`,
      evidence: [],
    });
    this.changed();
  }

  changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  setRule(rule: World['rule']): void {
    this.#did('setRule', rule);
    this.#rule = rule;
  }

  setDialect(dialect: World['dialect']): void {
    this.#did('setDialect', dialect);
    this.#dialect = dialect;
  }

  world(): World {
    return {
      clock: { now: this.#now, isPaused: this.#isPaused, nextRetryAt: undefined },
      integration: this.integrationView,
      rule: this.#rule,
      customers: this.customers,
      desk: this.conversations,
      wire: this.wire,
      faults: this.faultRules,
      violations: this.violations,
      dialect: this.#dialect,
    };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async resend(wireEntryId: string): Promise<void> {
    this.#did('resend', wireEntryId);
  }

  async idle(): Promise<void> {}

  #did(...call: unknown[]): void {
    if (this.refusal !== undefined) throw this.refusal;
    this.calls.push(call.filter((part) => part !== undefined));
  }

  #viewOf(name: string, channel: Channel): Mutable<CustomerView> {
    const known = this.customers.find((customer) => customer.name === name);
    if (known !== undefined) return known;
    const view: Mutable<CustomerView> = {
      id: `customer-${++this.#ids}`,
      name,
      channel,
      userId: '1',
      conversationId: undefined,
      holder: 'bot',
      chat: [],
      suggestions: [],
    };
    this.customers.push(view);
    return view;
  }
}
