import { AxiosError, AxiosHeaders } from 'axios';
import { type Activity, EventFactory, type Transcript, type TurnContext } from 'botbuilder';
import { SECRETS, WORDS } from './canaries';
import { DriverError } from './driverError';
import type { Evidence } from './evidence';

/** What a turn may end with, by a word of the customer's: each quotes him, as errors do. */
export const FAILURES: Readonly<Record<string, () => unknown>> = {
  failPlainly: () => new TypeError(`cannot find ${WORDS.error}`),
  failWithText: () => `no error but a text: ${WORDS.error}`,
  failWithObject: () => ({ message: WORDS.error, toString: () => WORDS.error }),
  failWithNothing: () => undefined,
  failWithCause: () => new Error(WORDS.error, { cause: new Error(WORDS.error) }),
  failWithName: () => Object.assign(new Error(), { name: `Unknown order ${WORDS.error}` }),
  failWithCode: () => Object.assign(new Error(), { code: `unknown ${WORDS.error}` }),
  failWithFields: () =>
    Object.assign(new Error(WORDS.error), { customer: WORDS.name, key: SECRETS.keyOfTheBot }),
  failWithStack: () => Object.assign(new Error(WORDS.error), { stack: WORDS.error }),
  failHostile: () => Object.defineProperty(new Error(), 'message', { get: () => unreadable() }),
  failRevoked: () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  failOverHttp: () => {
    const headers = new AxiosHeaders({ Authorization: `Bearer ${SECRETS.keyOfTheBot}` });
    const config = {
      headers,
      url: `https://crm.example/${WORDS.phone}?key=${SECRETS.keyOfTheBot}`,
      data: WORDS.text,
    };
    const response = { status: 400, statusText: WORDS.error, headers, config, data: WORDS.error };
    return new AxiosError(`refused: ${WORDS.error}`, 'ERR_BAD_REQUEST', config, {}, response);
  },
};

function unreadable(): never {
  throw new Error(WORDS.error);
}

/** A turn that ends badly. */
function failAsAsked(text: string): void {
  for (const [word, makeError] of Object.entries(FAILURES)) if (text.includes(word)) throw makeError();
}

function handoverOf(context: TurnContext, text: string): Partial<Activity>[] {
  const transcript: Transcript = { activities: [] };
  return [
    { type: 'message', text: WORDS.reply },
    {
      ...EventFactory.createHandoffInitiation(context, { topic: WORDS.context, words: text }, transcript),
      channelData: { webexConnect: { customParams: [WORDS.transcript] } },
    },
  ];
}

/** A bot that does what bots do wrong: it quotes its customers wherever it can. */
export function indiscreetBot(
  evidence: Evidence,
  hang: () => Promise<void>,
): (context: TurnContext) => Promise<void> {
  const attempt = async (where: string, act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      // A store of somebody else's may throw what it likes; ours are made to fail by their own databases, too.
      if (!(error instanceof DriverError)) evidence.addError(`error of ${where}`, error);
    }
  };
  return async (context) => {
    const { type, text = '' } = context.activity;
    if (type !== 'message') return;
    failAsAsked(text);
    if (text.includes('hangs')) await hang();
    if (text.includes('sends wrongly')) {
      for (const activity of WRONG_ACTIVITIES)
        await attempt('sendActivity', () => context.sendActivity(activity));
      await attempt('updateActivity', () => context.updateActivity({ text: WORDS.reply }));
      await attempt('deleteActivity', () => context.deleteActivity(WORDS.reply));
    }
    if (text.includes('hands over')) {
      await context.sendActivities(handoverOf(context, text));
      await attempt('sendActivity', () => context.sendActivity(`${WORDS.reply} after the handover`));
      return;
    }
    await attempt('sendActivity', () =>
      context.sendActivity({
        type: 'message',
        text: `${WORDS.reply} ${text}`,
        channelData: { webexConnect: { customParams: { customparam1: WORDS.replyParam } } },
      }),
    );
  };
}

/** Activities that cannot be sent, for one reason each. */
const WRONG_ACTIVITIES = [
  { type: 'message', text: WORDS.reply, channelData: { webexConnect: { messageType: [WORDS.reply] } } },
  { type: 'message', text: WORDS.reply, channelData: { webexConnect: { customParams: WORDS.reply } } },
  { type: 'message', text: WORDS.reply, channelData: { webexConnect: { eventId: { id: WORDS.reply } } } },
  { type: 'event', name: 'handoff.initiate', value: { big: 1n, said: WORDS.context } },
  { type: 'event', name: 'notSent', value: WORDS.reply },
  { type: 'message', attachments: [{ contentType: WORDS.reply, content: WORDS.reply }] },
  { type: 'trace', value: WORDS.reply },
];
