/**
 * The running number of the choices a customer can answer with. One message uses one counter over all of
 * its cards and suggested actions, so that every number means one choice only.
 */
export class ChoiceNumbers {
  private last = 0;

  /**
   * Numbers one choice.
   *
   * @param label - the choice's label
   * @returns the line to show, such as `1. Yes`
   */
  number(label: string): string {
    this.last += 1;
    return `${this.last}. ${label}`;
  }
}
