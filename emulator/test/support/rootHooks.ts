const TIME_TO_END_MS = 10_000;

/** What a test leaves behind keeps the process alive, and whoever waits for it waits for ever. */
export const mochaHooks = {
  afterAll(): void {
    const timer = setTimeout(() => {
      const left = process.getActiveResourcesInfo().join(', ');
      process.stderr.write(`The tests are over, but their process does not end. It is kept by: ${left}.\n`);
      process.exit(1);
    }, TIME_TO_END_MS);
    timer.unref();
  },
};
