#!/usr/bin/env node
import { systemClock } from '../../clock';
import { makeProbe } from './doctor/probe';
import { main, type World } from './main';
import { ownRuntime } from './runtime';
import { openOperatorStore } from './store/openOperatorStore';
import type { Terminal } from './terminal';

const interruption = new AbortController();
// The second Ctrl-C ends what hangs.
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());

// Who reads the output may have seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  interruption.abort();
});

const terminal: Terminal = {
  env: process.env,
  write: (text) => void process.stdout.write(text),
  warn: (text) => void process.stderr.write(text),
  isTTY: process.stdout.isTTY === true,
  isErrorTTY: process.stderr.isTTY === true,
  signal: interruption.signal,
};

const world: World = {
  clock: systemClock,
  runtime: ownRuntime,
  probe: makeProbe(),
  openStore: (location, schema) => openOperatorStore(location, schema, systemClock),
};

void main(process.argv.slice(2), terminal, world).then((code) => {
  process.exitCode = code;
});
