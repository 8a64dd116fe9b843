/** Those who wait for something that others bring about. */
export class Waiters {
  #waiting: (() => void)[] = [];

  /** Has everybody look again. */
  wake(): void {
    for (const look of this.#waiting.splice(0)) look();
  }

  /** Resolves when `isEnough` holds, which is asked at each `wake`, or rejects after `timeoutMs`. */
  async until(isEnough: () => boolean, timeoutMs: number, what: string): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!isEnough()) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`${what}: not reached within ${timeoutMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}
