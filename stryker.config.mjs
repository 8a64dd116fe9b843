// Mutation testing (CONTRIBUTING.md): breaks the code in small ways, one at a time, and sees whether a test fails.
export default {
  plugins: ['./scripts/mutation/specRunner.mjs'],
  testRunner: 'specs',
  specRunner: {
    folders: ['test/protocol', 'test/delivery'],
    hooks: 'test/support/rootHooks.ts',
    // A test that waits for what a mutant keeps from happening. The longest test takes two seconds.
    timeoutMs: 8_000,
  },
  mutate: ['src/protocol/**/*.ts', 'src/delivery/**/*.ts'],
  coverageAnalysis: 'perTest',
  // A process is started anew after this, which takes longer than to let mocha's own limit pass.
  timeoutMS: 10_000,
  timeoutFactor: 3,
  thresholds: { high: 95, low: 85, break: 85 },
  reporters: ['clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false, allowColor: false, reportTests: false },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  htmlReporter: { fileName: 'reports/mutation/mutation.html' },
  incrementalFile: 'reports/mutation/incremental.json',
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['/docs', '/bench', '/dist', '/coverage'],
};
