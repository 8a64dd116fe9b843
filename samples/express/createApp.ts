import type { CloudAdapter } from 'botbuilder';
import {
  healthRoutes,
  metricsRoute,
  type TurnLogic,
  WEBEX_CONNECT_CHANNEL_ID,
  type WebexConnectAdapter,
} from 'botbuilder-adapter-webex-connect';
import express, { type Express } from 'express';
import { isLocal } from '../support/isLocal';
import type { Recipients } from './recipients';

/** What the app is made of. */
export interface AppParts {
  /** For Teams, Web Chat and the other channels of Azure Bot Service. */
  readonly cloud: CloudAdapter;
  readonly webexConnect: WebexConnectAdapter;
  /** The bot, for both. */
  readonly logic: TurnLogic;
  readonly recipients: Recipients;
  /** `MicrosoftAppId`; empty where there is no Azure. */
  readonly appId: string;
}

/** One server, one bot, two adapters. */
export function createApp({ cloud, webexConnect, logic, recipients, appId }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');

  // No body parser in front of this one: it reads the body itself, and what is no JSON must not be answered 400.
  app.all('/api/webex-connect', (req, res) => webexConnect.process(req, res, logic));
  // CloudAdapter needs one: on its own route, never with `app.use`.
  app.post('/api/messages', express.json(), (req, res) => cloud.process(req, res, logic));

  app.post('/api/parcels/:parcel/arrived', async (req, res) => {
    if (!isLocal(req)) return res.sendStatus(403);
    const { parcel } = req.params;
    const reference = await recipients.of(parcel);
    if (reference === undefined) return res.sendStatus(404);
    // A conversation can be continued only by the adapter that it came from.
    const adapter = reference.channelId === WEBEX_CONNECT_CHANNEL_ID ? webexConnect : cloud;
    await adapter.continueConversationAsync(appId, reference, async (context) => {
      await context.sendActivity(`Parcel ${parcel} is at your door.`);
    });
    return res.sendStatus(202);
  });

  healthRoutes(webexConnect).mount(app);
  app.get('/metrics', metricsRoute(webexConnect));
  return app;
}
