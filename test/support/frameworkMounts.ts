import { createServer } from 'node:http';
import express from 'express';
import restify from 'restify';
import { refuseMalformedUrls } from '../../samples/support/refuseMalformedUrls';
import type { Mount } from './botHost';

const ROUTE = '/api/webex-connect';

/** In a restify server as our samples have it, behind these handlers. */
export const onRestify =
  (...handlers: restify.RequestHandlerType[]): Mount =>
  (adapter, logic) => {
    const server = restify.createServer();
    server.pre(refuseMalformedUrls);
    for (const handler of handlers) server.use(handler);
    server.post(ROUTE, async (req: restify.Request, res: restify.Response) =>
      adapter.process(req, res, logic),
    );
    return server.server;
  };

/** In an Express application, behind these handlers. */
export const onExpress =
  (...handlers: express.RequestHandler[]): Mount =>
  (adapter, logic) => {
    const app = express();
    for (const handler of handlers) app.use(handler);
    app.post(ROUTE, (req, res) => adapter.process(req, res, logic));
    return createServer(app);
  };
