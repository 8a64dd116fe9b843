import type { ImportRules } from './checkImports';

/** The arrows of the design: who may import whom. */
export const RULES: ImportRules = {
  packageName: 'botbuilder-adapter-webex-connect',
  leaves: ['clock', 'errors', 'logger', 'optionSchema'],
  arrows: {
    leaf: [],
    store: ['leaf'],
    protocol: ['leaf'],
    delivery: ['store', 'leaf'],
    operations: ['protocol', 'delivery', 'store', 'leaf'],
    middleware: ['ccsp', 'protocol', 'store', 'leaf'],
    ccsp: ['protocol', 'delivery', 'leaf'],
    adapter: ['middleware', 'operations', 'protocol', 'delivery', 'store', 'leaf'],
    testing: ['protocol', 'leaf'],
    sqlite: ['store', 'leaf'],
    postgres: ['store', 'leaf'],
    index: ['adapter', 'middleware', 'ccsp', 'operations', 'protocol', 'delivery', 'store', 'leaf'],
  },
  // The core will get a second face, for the Microsoft 365 Agents SDK.
  typesOnly: {
    packages: /^(botbuilder|botframework)($|[-/])/,
    within: ['leaf', 'store', 'protocol', 'delivery', 'ccsp'],
  },
  // An optional peer: who does not test with it must not need it.
  confined: { packages: /^nock($|\/)/, to: ['testing'] },
};
