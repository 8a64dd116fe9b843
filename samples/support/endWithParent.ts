// Loaded before a program that another one has started: ends it when that one is gone, be it killed without a word.
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
