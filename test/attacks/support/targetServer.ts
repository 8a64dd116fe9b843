import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ManualClock } from '../../../src/testing';
import { type Mount, onNodeHttp, serveBot } from '../../support/botHost';
import { onExpress, onRestify } from '../../support/frameworkMounts';
import { type TargetReport, targetSettings } from './targetSettings';

const MOUNTS = { 'node:http': onNodeHttp, restify: onRestify(), Express: onExpress() };

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Twice: what the first round finalises, such as sockets and their buffers, goes with the second. */
async function collectGarbage(): Promise<void> {
  collect();
  await new Promise(setImmediate);
  collect();
}

/** A bot on memory in a process of its own, whose memory can be looked at. No request is too slow for it. */
async function main(): Promise<void> {
  const { framework, options } = targetSettings.parse(JSON.parse(process.argv[2] ?? '{}'));
  let bytesOfClosed = 0;
  const countBytes: Mount = (adapter, logic) =>
    MOUNTS[framework](adapter, logic).on('connection', (socket: Socket) => {
      socket.once('close', () => {
        bytesOfClosed += socket.bytesRead;
      });
    });
  const host = await serveBot({ ...options, clock: new ManualClock() }, undefined, countBytes);

  process.on('message', async () => {
    await collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    const open = host.connections();
    const report: TargetReport = {
      memoryBytes: heapUsed + external,
      connections: open.length,
      bytesRead: open.reduce((sum, { bytesRead }) => sum + bytesRead, bytesOfClosed),
      stored: host.adapter.counters.get('events_stored_total'),
      completed: host.adapter.counters.get('turns_completed_total'),
      replies: host.webhook.received.length,
    };
    process.send?.(report);
  });
  process.once('disconnect', () => process.exit());
  process.send?.({ url: host.url });
}

void main();
