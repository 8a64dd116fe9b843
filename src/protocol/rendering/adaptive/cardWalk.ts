import type { ChoiceNumbers } from '../choiceNumbers';

/** How many levels of an Adaptive Card are shown; what lies deeper is left out. */
export const MAX_DEPTH = 32;

/** How many elements of an Adaptive Card are shown. A card that refers to itself would otherwise never end. */
export const MAX_ELEMENTS = 10_000;

/** A card behind an `Action.ShowCard`, to be shown after the card that holds the action. */
export interface ShowCard {
  readonly title: string;
  readonly card: unknown;
  /** How many levels deep the action lies. */
  readonly depth: number;
}

/** What one walk through an Adaptive Card has met so far. */
export class CardWalk {
  /** The cards to show after this one, in the order in which their actions were met. */
  readonly showCards: ShowCard[] = [];
  private elements = 0;

  /**
   * @param numbers - the running choice numbers of the whole message
   */
  constructor(readonly numbers: ChoiceNumbers) {}

  /**
   * Counts one more element in, if there is room for it.
   *
   * @param depth - the element's level, 0 for the card itself
   * @returns false when it lies too deep or too many went before: it must then be left out
   */
  admits(depth: number): boolean {
    if (depth > MAX_DEPTH || this.elements >= MAX_ELEMENTS) return false;
    this.elements += 1;
    return true;
  }
}
