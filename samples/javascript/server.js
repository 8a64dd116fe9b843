'use strict';

const { healthRoutes, metricsRoute } = require('botbuilder-adapter-webex-connect');
const restify = require('restify');

/** Where the sample stands in for Webex Connect when no webhook URL is set. */
const FAKE_WEBHOOK_PATH = '/fake-webex-connect';

/** Webex Connect says all it has to say at once; Node would wait for a minute, and for five. Milliseconds. */
const TIME_LIMITS = { headersTimeout: 10_000, requestTimeout: 15_000 };

/**
 * The bot's endpoint, health and metrics.
 *
 * @param {import('botbuilder-adapter-webex-connect').WebexConnectAdapter} adapter
 * @param {import('botbuilder-adapter-webex-connect').TurnLogic} logic
 */
function createServer(adapter, logic) {
  const server = restify.createServer({ name: 'webex-connect-bot' });
  server.pre(refuseMalformedUrls);
  Object.assign(server.server, TIME_LIMITS);
  // No body parser: the adapter reads the body itself.
  server.post('/api/webex-connect', async (req, res) => adapter.process(req, res, logic));
  server.head('/api/webex-connect', async (req, res) => adapter.process(req, res, logic));
  healthRoutes(adapter).mount(server);
  server.get('/metrics', metricsRoute(adapter));
  server.post(FAKE_WEBHOOK_PATH, printAsWebexConnect);
  return server;
}

/** restify 12.0.0 makes a URL of every request, and where none can be made, its throw ends the process. */
function refuseMalformedUrls(req, res, next) {
  const base = `http://${req.headers.host || 'localhost'}`;
  const isUrl = req.url.startsWith('/') ? URL.canParse(base + req.url) : URL.canParse(req.url, base);
  if (!isUrl) {
    res.writeHead(400, { Connection: 'close' });
    res.end();
  }
  next(isUrl ? undefined : false);
}

/** Prints what the bot sends, for whoever has no Webex Connect at hand. */
async function printAsWebexConnect(req, res) {
  let body = '';
  for await (const chunk of req) body += chunk;
  console.log(`bot -> Webex Connect: ${body}`);
  res.writeHead(200, { 'Content-Type': 'application/json' });
  res.end('{}');
}

module.exports = { createServer, FAKE_WEBHOOK_PATH };
