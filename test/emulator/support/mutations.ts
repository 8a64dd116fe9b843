import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { Response } from 'botbuilder';
import type { TurnLogic } from '../../../src';
import type { SqliteStore } from '../../../src/sqlite';
import type { NewOutboxMessage } from '../../../src/store/deliveryStore';
import type { Mount } from '../../support/botHost';

/** What is broken in an adapter: what it is told by its store, what becomes of its answers, or the bot's own turns. */
export interface Mutation {
  readonly store?: (store: SqliteStore) => SqliteStore;
  readonly mount?: Mount;
  readonly logic?: (logic: TurnLogic) => TurnLogic;
}

/** Every event passes for one that has not been seen. */
export const noDedupe: Mutation = {
  store: (store) =>
    withMethods(store, {
      accept: (event, terms) => store.accept({ ...event, dedupeKey: randomUUID() }, terms),
    }),
};

/** Every message has a lane of its own, so that none waits for the one before it. */
export const noOrder: Mutation = {
  store: (store) => onStaged(store, (message) => ({ ...message, conversationId: `lane of ${message.id}` })),
};

/** Nobody asks who has the conversation. */
export const noGate: Mutation = {
  store: (store) =>
    withMethods(store, {
      stage: (messages, { gate, ...terms }) =>
        store.stage(messages, gate?.kind === 'change' ? { ...terms, gate } : terms),
    }),
};

/** Replies go to where the latest event came from, be it the agent's conversation. */
export const latestConversation: Mutation = {
  store: (store) => {
    let latest = '';
    const listening = withMethods(store, {
      accept: (event, terms) => {
        const body: Body = JSON.parse(event.payload);
        if (body.ConversationType === 'AGENT') latest = String(body.Conversationid);
        return store.accept(event, terms);
      },
    });
    return onStaged(
      listening,
      inConversation(() => latest),
    );
  },
};

/** Replies go to a conversation that nobody has. */
export const inventedConversation: Mutation = {
  store: (store) =>
    onStaged(
      store,
      inConversation((id) => `${id}0`),
    ),
};

/** Replies to the second customer go to the first. */
export const othersConversation: Mutation = {
  store: (store) => {
    let first: string | undefined;
    const toFirst = inConversation((id) => {
      first ??= id;
      return first;
    });
    return onStaged(store, toFirst);
  },
};

/** Stamps are written as JSON has them. */
export const isoStamps: Mutation = {
  store: (store) =>
    onStaged(
      store,
      onBody((body) => ({ ...body, Timestamp: new Date().toISOString() })),
    ),
};

/** What was delivered is sent once more. */
export const sentTwice: Mutation = {
  store: (store) => {
    const seen = new Set<string>();
    return withMethods(store, {
      settleSend: (send, settlement, terms) => {
        const isFirst = settlement.kind === 'delivered' && !seen.has(send.message.id);
        seen.add(send.message.id);
        if (!isFirst) return store.settleSend(send, settlement, terms);
        const { at } = settlement;
        const again = { kind: 'retry', at, notBefore: at, error: '', isAmbiguous: false } as const;
        return store.settleSend(send, again, terms);
      },
    });
  },
};

/** Only *Verify* gets the token. */
export const noToken: Mutation = {
  mount: answeringEvents((response) => response.end('{}')),
};

/** Only *Verify* gets an answer. */
export const noAnswer: Mutation = {
  mount: answeringEvents(() => {}),
};

/** The customer hears nothing. */
export const silence: Mutation = {
  logic: () => async () => {},
};

/** A store of which some methods are others. */
function withMethods(store: SqliteStore, methods: Partial<SqliteStore>): SqliteStore {
  return new Proxy(store, {
    get(target, name) {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Changes each message, but no handover, as it is stored. */
function onStaged(store: SqliteStore, change: (message: NewOutboxMessage) => NewOutboxMessage): SqliteStore {
  return withMethods(store, {
    stage: (messages, terms) =>
      store.stage(
        messages.map((message) => (message.role === 'message' ? change(message) : message)),
        terms,
      ),
  });
}

type Body = Readonly<Record<string, unknown>>;

function onBody(change: (body: Body) => Body): (message: NewOutboxMessage) => NewOutboxMessage {
  return (message) => ({ ...message, body: JSON.stringify(change(JSON.parse(message.body))) });
}

function inConversation(idFor: (id: string) => string): (message: NewOutboxMessage) => NewOutboxMessage {
  return onBody((body) => ({
    ...body,
    conversation_id: idFor(String(body.conversation_id)) || body.conversation_id,
  }));
}

/** Serves an adapter whose answers to events are given by `answer`. */
function answeringEvents(answer: (response: ServerResponse) => void): Mount {
  return (adapter, logic) =>
    createServer((request, response) => {
      const isVerify = request.headers['content-length'] === '{}'.length.toString();
      void adapter.process(request, isVerify ? response : spoken(response, answer), logic);
    });
}

/** A response of which only the status is the adapter's. */
function spoken(response: ServerResponse, answer: (response: ServerResponse) => void): Response {
  return {
    socket: undefined,
    status: (code) => {
      response.statusCode = code;
    },
    header: () => {},
    send: () => {},
    end: () => answer(response),
  };
}
