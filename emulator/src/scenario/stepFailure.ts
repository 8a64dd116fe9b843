/** A step did not come out as the scenario says. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
}
