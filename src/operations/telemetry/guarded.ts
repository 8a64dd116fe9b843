/** Calls what is somebody else's code, an SDK's or a processor's: whatever it throws must not cost a message. */
export function orElse<Result>(work: () => Result, fallback: Result): Result {
  try {
    return work();
  } catch {
    return fallback;
  }
}

/** {@link orElse} for what gives nothing back. */
export function quietly(work: () => void): void {
  orElse(work, undefined);
}
