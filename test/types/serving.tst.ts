import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { WebexConnectActivityHandler, WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';
import express5 from 'express';
import express4 from 'express4';
import * as restify from 'restify';
import { expect, test } from 'tstyche';

const adapter = new WebexConnectAdapter({ webhookUrl: 'https://hooks.example.com/events/ABC123' });
const bot = new WebexConnectActivityHandler();

test('the adapter serves restify, Express 5, Express 4 and node:http as they are', () => {
  restify
    .createServer()
    .post('/', async (req, res) => adapter.process(req, res, (context) => bot.run(context)));
  express5().post('/', (req, res) => adapter.process(req, res, (context) => bot.run(context)));
  express4().post('/', (req, res) => void adapter.process(req, res, (context) => bot.run(context)));
  createServer((req, res) => void adapter.process(req, res, (context) => bot.run(context)));
});

test('process takes a request and a response, and logic that is asynchronous', () => {
  const [req, res] = [{} as IncomingMessage, {} as ServerResponse];
  expect(adapter.process).type.toBeCallableWith(req, res, async () => {});
  expect(adapter.process).type.not.toBeCallableWith(req, res);
  expect(adapter.process).type.not.toBeCallableWith(res, req, async () => {});
  expect(adapter.process).type.not.toBeCallableWith(req, res, () => 'answered');
  expect(adapter.process(req, res, async () => {})).type.toBe<Promise<void>>();
});

test('the older names are there', () => {
  expect<WebexConnectAdapter>().type.toHaveProperty('processActivity');
  expect<WebexConnectAdapter>().type.toHaveProperty('continueConversation');
});
