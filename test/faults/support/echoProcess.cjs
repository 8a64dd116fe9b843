'use strict';
// The bot that the fault tests kill: the built package on a store, as a process of its own.
const { createServer } = require('node:http');
const { WebexConnectAdapter } = require('../../../dist');
const { KillPoint, openStore, logger, serve, stateOf, sendJson, exitOn } = require('./processStore.cjs');

const { FAULT_WEBHOOK_URL, FAULT_OPTIONS = '{}', FAULT_KILL_AT } = process.env;

function killPoint() {
  if (FAULT_KILL_AT === undefined) return undefined;
  const point = new KillPoint();
  point.arm(FAULT_KILL_AT);
  return point;
}

async function main() {
  const { turnMs = 0, replies = 1, ...options } = JSON.parse(FAULT_OPTIONS);
  const adapter = new WebexConnectAdapter({
    webhookUrl: FAULT_WEBHOOK_URL,
    store: openStore(killPoint()),
    verification: { token: 'fault-token' },
    logger,
    ...options,
  });
  const logic = async (context) => {
    if (context.activity.type !== 'message') return;
    for (let part = 1; part <= replies; part++) {
      await context.sendActivity(`Echo: ${context.activity.text}${replies > 1 ? `/${part}` : ''}`);
      if (turnMs > 0) await new Promise((resolve) => setTimeout(resolve, turnMs));
    }
  };
  await adapter.start(logic);
  const server = createServer((request, response) => {
    if (request.url === '/state') return void stateOf(adapter).then((state) => sendJson(response, state));
    void adapter.process(request, response, logic);
  });
  serve(server, adapter);
}

main().catch(exitOn);
