import type { Clock } from '../clock';
import { errorSummary } from '../errors';
import type { LogFields, Logger } from '../logger';
import type { DeliveryStore } from '../store/deliveryStore';
import type { OperatorCommand, TakenCommand } from '../store/operatorCommands';
import { carryOut, type OperatorActions } from './operatorActions';
import { SparingLog } from './sparingLog';

/** Commands taken at once. */
const HANDFUL = 200;

/**
 * Carries out what operators have left in the store, in a running bot and with its options. A command is taken before it
 * is begun: it is carried out at most once, also when the process dies meanwhile.
 */
export class OperatorClerk {
  readonly #store: Pick<DeliveryStore, 'operatorCommands' | 'isShared'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #failures: SparingLog;
  readonly #actions: OperatorActions;
  #endAttendance = () => {};
  #isStopped = false;
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(
    store: Pick<DeliveryStore, 'operatorCommands' | 'isShared'>,
    clock: Clock,
    logger: Logger,
    actions: OperatorActions,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#failures = new SparingLog(clock, logger);
    this.#actions = actions;
  }

  /** From now on, until `stop`. The store is open. */
  start(): void {
    if (this.#isStopped) return;
    this.#endAttendance();
    this.#endAttendance = this.#store.operatorCommands.attend(() => this.#wake());
  }

  /** Takes nothing more, and resolves when what was taken is answered. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#endAttendance();
    await this.#looking;
  }

  #wake(): void {
    this.#lookAgain = true;
    this.#looking ??= this.#work();
  }

  async #work(): Promise<void> {
    while (this.#lookAgain && !this.#isStopped) {
      this.#lookAgain = false;
      try {
        await this.#look();
      } catch (error) {
        // Whoever attends is told again.
        this.#reportFailure('looking for what operators ask', error);
      }
    }
    this.#looking = undefined;
  }

  async #look(): Promise<void> {
    const taken = await this.#store.operatorCommands.take(HANDFUL, this.#clock.now());
    if (taken.length === HANDFUL) this.#lookAgain = true;
    if (this.#store.isShared) for (const command of taken) await this.#handle(command);
    // Begun in their order, which the one owner of a store keeps; so one commit serves them all.
    else await Promise.all(taken.map((command) => this.#handle(command)));
  }

  async #handle({ id, command }: TakenCommand): Promise<void> {
    const answer = await carryOut(this.#actions, command);
    if (command?.kind !== 'ping') {
      this.#logger.info('webex-connect: an operator’s command was carried out', {
        command: command?.kind,
        ...targetOf(command),
        outcome: answer.status === 'done' ? 'done' : answer.code,
      });
    }
    try {
      await this.#store.operatorCommands.answer(id, answer);
    } catch (error) {
      this.#reportFailure('answering an operator', error);
    }
  }

  #reportFailure(doing: string, error: unknown): void {
    this.#failures.write('error', `webex-connect: the store failed, ${doing}`, {
      error: errorSummary(error),
    });
  }
}

/** What a command is about, for the log. */
function targetOf(command: OperatorCommand | undefined): LogFields {
  if (command === undefined) return {};
  const { kind: _, ...target } = command;
  return target;
}
