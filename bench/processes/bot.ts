import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type BotAdapter,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type TurnContext,
} from 'botbuilder';
import { WebAdapter } from 'botbuilder-adapter-web';
import { createServer, plugins, type Request, type Response, type Server } from 'restify';
import type { WebexConnectAdapter } from '../../src';
import type { BotProtocol, BotSetup, Memory, Usage } from './botProtocol';
import { built } from './built';
import { serveParent } from './child';
import { fillWithOldRows, fillWithWaitingEvents } from './oldRows';
import { openStore } from './stores';

type Logic = (context: TurnContext) => Promise<void>;

const ROUTE = '/api/messages';
/** The benchmark floods the inbox on purpose. */
const MAX_BACKLOG = 10_000_000;

let ours: { readonly adapter: WebexConnectAdapter; readonly commits: () => number | undefined } | undefined;

/** The bot that all of them serve. */
function echo(turnMs: number): Logic {
  return async (context) => {
    if (turnMs > 0) await wait(turnMs);
    if (context.activity.type === 'message') await context.sendActivity(`Echo: ${context.activity.text}`);
  };
}

async function start(setup: BotSetup): Promise<{ url: string }> {
  const server = createServer();
  await mount(server, setup, echo(setup.turnMs));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}${ROUTE}` };
}

/** Each as its own documentation has it: the peers with restify's body parser, ours without. */
async function mount(server: Server, setup: BotSetup, logic: Logic): Promise<void> {
  switch (setup.contender) {
    case 'restify':
      server.use(plugins.bodyParser());
      server.post(ROUTE, async (_request: Request, response: Response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{}');
      });
      return;
    case 'cloudadapter': {
      const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
      failLoudly(adapter);
      server.use(plugins.bodyParser());
      server.post(ROUTE, async ({ body, headers, method = 'POST' }: Request, response: Response) =>
        adapter.process({ body, headers, method }, response, logic),
      );
      return;
    }
    case 'peer': {
      const adapter = new WebAdapter({});
      failLoudly(adapter);
      server.use(plugins.bodyParser());
      server.post(ROUTE, async (request: Request, response: Response) =>
        adapter.processActivity(request, response, logic),
      );
      return;
    }
    default: {
      const adapter = await startOurs(setup, logic);
      server.post(ROUTE, async (request: Request, response: Response) =>
        adapter.process(request, response, logic),
      );
    }
  }
}

async function startOurs(setup: BotSetup, logic: Logic): Promise<WebexConnectAdapter> {
  const { store, commits } = openStore(setup);
  if (setup.oldRows > 0) await fillWithOldRows(store, setup.oldRows);
  if (setup.waitingEvents > 0) await fillWithWaitingEvents(store, setup.waitingEvents);
  const adapter = new built.index.WebexConnectAdapter({
    webhookUrl: `${setup.platformUrl}/webhook`,
    verification: { token: 'bench' },
    inbound: { maxBacklog: MAX_BACKLOG },
    store,
  });
  failLoudly(adapter);
  ours = { adapter, commits };
  await adapter.start(logic);
  return adapter;
}

function failLoudly(adapter: BotAdapter): void {
  adapter.onTurnError = async (_context, error) => {
    console.error(error);
  };
}

function usage(): Usage {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, commits: ours?.commits() };
}

/** V8 gives pages back after it has collected, in threads of its own. */
async function memory(): Promise<Memory> {
  const readings: NodeJS.MemoryUsage[] = [];
  while (readings.length < 3) {
    globalThis.gc?.();
    await wait(100);
    readings.push(process.memoryUsage());
  }
  return {
    rssBytes: Math.min(...readings.map(({ rss }) => rss)),
    heapBytes: Math.min(...readings.map(({ heapUsed }) => heapUsed)),
  };
}

process.once('SIGTERM', () => {
  void (ours?.adapter.stop() ?? Promise.resolve()).finally(() => process.exit(0));
});

serveParent<BotProtocol>({
  start,
  usage,
  memory,
  async idle() {
    await ours?.adapter.whenIdle();
    return undefined;
  },
});
