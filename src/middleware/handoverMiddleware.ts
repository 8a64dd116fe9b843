import type { Middleware, TurnContext } from 'botbuilder';
import { z } from 'zod';
import type { CcspBridge } from '../ccsp/ccspBridge';
import { WebexConnectBridge } from '../ccsp/webexConnectBridge';
import { callback, holder, readOptions } from '../optionSchema';
import type { EventSketch } from '../protocol/decodeEvent';

const bridge = holder<CcspBridge>('compose').refine(
  hasDestination,
  "must have a destination: 'webhook', or an object with a name and a method 'createClient'",
);

/** Every option, its default and its description. */
export const handoverOptionsSchema = z
  .strictObject({
    bridge: z
      .union([bridge, z.array(bridge).min(1)])
      .optional()
      .describe(
        "Where handovers go; by default the integration's own webhook (`WebexConnectBridge`). Of several, the first " +
          'decides what becomes of the handover, and the others are told too.',
      ),
    whileAgentHasIt: z
      .enum(['suppress', 'throw'])
      .default('suppress')
      .describe(
        'What becomes of what the bot sends while an agent has the conversation: dropped, counted and logged, or ' +
          'refused with a `WebexConnectHandedOverError`.',
      ),
    isAgentClose: callback<(event: EventSketch) => boolean>()
      .optional()
      .describe(
        'Whether an event whose type is not BOT says that the agent has closed the conversation; none is documented. By default ' +
          "only the customer's next message to the bot ends a handover.",
      ),
    clockToleranceMs: z
      .int()
      .min(0)
      .default(0)
      .describe(
        "Milliseconds by which the platform's clock and ours may differ: for so long after a handover was taken, a " +
          'message to the bot counts as written before it; and an agent may have spoken so long before it was asked for.',
      ),
  })
  .superRefine(({ bridge }, context) => {
    const names = [bridge ?? []].flat().map(destinationName);
    const repeated = names.find((name, index) => names.indexOf(name) !== index);
    if (repeated === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['bridge'],
      message: `two bridges send to the destination '${repeated}'`,
    });
  });

/** Options of {@link HandoverMiddleware}; each has a default. */
export type HandoverMiddlewareOptions = z.input<typeof handoverOptionsSchema>;

/** {@link HandoverMiddlewareOptions} with every default filled in. */
export interface HandoverSettings {
  readonly bridges: readonly [CcspBridge, ...CcspBridge[]];
  readonly whileAgentHasIt: 'suppress' | 'throw';
  /** Whether an event says that the agent has closed the conversation. */
  readonly isAgentClose: ((event: EventSketch) => boolean) | undefined;
  readonly clockToleranceMs: number;
}

/**
 * How an adapter hands conversations over to a contact centre. A bot asks for it with `await handover(context, {…})`,
 * or by sending `EventFactory.createHandoffInitiation(context, {…}, transcript)`, and is told what became of it by the
 * event `handoff.status`.
 *
 * An adapter without this middleware hands over with its defaults: the state of a conversation and the gate (I6) are
 * the adapter's own.
 */
export class HandoverMiddleware implements Middleware {
  /** What the adapter goes by. */
  readonly settings: HandoverSettings;

  /**
   * @param options All have defaults.
   * @throws {WebexConnectConfigurationError} when an option is wrong, with its path.
   */
  constructor(options: HandoverMiddlewareOptions = {}) {
    const { bridge, isAgentClose, ...rest } = readOptions(
      handoverOptionsSchema,
      options,
      'HandoverMiddleware',
    );
    const [first = new WebexConnectBridge(), ...others] = [bridge ?? []].flat();
    this.settings = { ...rest, isAgentClose, bridges: [first, ...others] };
  }

  /** Lets the turn pass: the adapter itself holds the gate, for not everything a bot sends passes its middleware. */
  async onTurn(_context: TurnContext, next: () => Promise<void>): Promise<void> {
    await next();
  }
}

function hasDestination(bridge: object): boolean {
  const destination: unknown = Reflect.get(bridge, 'destination');
  if (destination === 'webhook') return true;
  if (typeof destination !== 'object' || destination === null) return false;
  const name: unknown = Reflect.get(destination, 'name');
  return (
    typeof name === 'string' &&
    name !== '' &&
    name !== 'webhook' &&
    typeof Reflect.get(destination, 'createClient') === 'function'
  );
}

/** The name of the destination that a bridge sends to. */
export function destinationName({ destination }: CcspBridge): string {
  return destination === 'webhook' ? destination : destination.name;
}
