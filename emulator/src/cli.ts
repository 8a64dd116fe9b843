#!/usr/bin/env node
import { main } from './cli/main';

const stopped = new Promise<void>((resolve) => {
  // The second Ctrl-C ends what hangs.
  process.once('SIGINT', () => resolve());
  process.once('SIGTERM', () => resolve());
});

void main(process.argv.slice(2), {
  env: process.env,
  print: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`${line}\n`),
  stopped,
}).then((code) => {
  process.exitCode = code;
});
