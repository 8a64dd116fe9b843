import type { Clock } from '../../../clock';
import type { DeliveryStore } from '../../../store/deliveryStore';
import type { OperatorCommand, StoreUser } from '../../../store/operatorCommands';
import type { StoreView } from '../../../store/storeView';
import { actOnStore } from './actOnStore';
import { askBot } from './askBot';
import type { CarryOutTerms, OperatorStore, Outcome } from './operatorStore';

/** An open store that several processes may change, and who runs on it. */
export interface SharedStore {
  readonly store: DeliveryStore;
  users(): Promise<readonly StoreUser[]>;
}

/**
 * A store that several processes share, such as PostgreSQL: this one makes changes itself, beside the bots. What takes
 * a bot's own options goes through a bot.
 */
export class SharedOperatorStore implements OperatorStore {
  readonly name: string;
  readonly view: StoreView;
  readonly #shared: SharedStore;
  readonly #clock: Clock;

  constructor(name: string, shared: SharedStore, clock: Clock) {
    const { store } = shared;
    this.name = name;
    this.#shared = shared;
    this.#clock = clock;
    this.view = {
      reading: store,
      requests: store.operatorCommands,
      users: () => shared.users(),
      close: () => store.close(),
    };
  }

  async carryOut(commands: readonly OperatorCommand[], terms: CarryOutTerms): Promise<readonly Outcome[]> {
    const outcomes = await actOnStore(this.#shared.store, this.#clock, commands);
    const left = commands.filter((_, index) => outcomes[index]?.status === 'noBot');
    if (left.length === 0 || !(await this.#isAttended())) return outcomes;
    const { requests } = this.view;
    const isAttended = () => this.#isAttended();
    const asked = await askBot({ requests, clock: this.#clock, isAttended }, left, terms);
    const answers = [...asked.outcomes];
    return outcomes.map((outcome) => (outcome.status === 'noBot' ? (answers.shift() ?? outcome) : outcome));
  }

  /** Of a server, that is not for its users to know. */
  async freeBytes(): Promise<number | undefined> {
    return undefined;
  }

  close(): Promise<void> {
    return this.view.close();
  }

  async #isAttended(): Promise<boolean> {
    return (await this.#shared.users()).some(({ role }) => role === 'bot');
  }
}
