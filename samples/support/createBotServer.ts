import {
  healthRoutes,
  metricsRoute,
  type TurnLogic,
  type WebexConnectAdapter,
} from 'botbuilder-adapter-webex-connect';
import { createServer, type Request, type Response, type Server } from 'restify';
import { refuseMalformedUrls } from './refuseMalformedUrls';
import { TIME_LIMITS } from './serve';

/** The routes that every sample serves, on restify. */
export function createBotServer(adapter: WebexConnectAdapter, logic: TurnLogic): Server {
  const server = createServer({ name: 'webex-connect-bot' });
  server.pre(refuseMalformedUrls);
  Object.assign(server.server, TIME_LIMITS);
  server.post('/api/webex-connect', async (req: Request, res: Response) => adapter.process(req, res, logic));
  server.head('/api/webex-connect', async (req: Request, res: Response) => adapter.process(req, res, logic));
  healthRoutes(adapter).mount(server);
  server.get('/metrics', metricsRoute(adapter));
  return server;
}
