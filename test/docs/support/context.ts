/**
 * What the fragments of the docs take for granted. A fragment names what it needs of it in a comment that readers do not
 * see: `<!-- context: adapter, bot -->`, or `<!-- context: httpServer as server -->`. What is not here, a fragment has to
 * import or to make.
 */
import type { Server as HttpServer } from 'node:http';
import type {
  TurnLogic,
  WebexConnectActivityHandler,
  WebexConnectAdapter,
} from 'botbuilder-adapter-webex-connect';
import type { SqliteStore } from 'botbuilder-adapter-webex-connect/sqlite';
import type { MockWebexConnect } from 'botbuilder-adapter-webex-connect/testing';
import type { Express } from 'express';
import type { Server } from 'restify';

export { default as assert } from 'node:assert/strict';
export { readFileSync } from 'node:fs';
export { createServer } from 'node:http';
export {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationReference,
  ConversationState,
  TranscriptLoggerMiddleware,
  TurnContext,
} from 'botbuilder';
export * from 'botbuilder-adapter-webex-connect';
export { SqliteStore } from 'botbuilder-adapter-webex-connect/sqlite';
export { incomingMessage, ManualClock } from 'botbuilder-adapter-webex-connect/testing';
export { default as express } from 'express';

export declare const adapter: WebexConnectAdapter;
export declare const bot: WebexConnectActivityHandler;
export declare const logic: TurnLogic;
export declare const store: SqliteStore;

/** Of restify. */
export declare const server: Server;
export declare const httpServer: HttpServer;
export declare const app: Express;

/** The URL that Webex Connect generated. */
export declare const webhookUrl: string;
/** The integration's Verification Token. */
export declare const token: string;
/** Of a conversation, of a dead letter, of what is quarantined. */
export declare const id: string;
export declare const conversationId: string;
export declare const continuationToken: string | undefined;

/** Whatever wakes somebody. */
export declare const pager: {
  tell(text: string): void;
  trigger(alarm: { key: string; summary: string; runbook: string }): void;
  resolve(alarm: { key: string }): void;
};

/** A bot of the reader's own, and how a test of theirs stops and starts it. */
export declare function startMyBot(settings: { webhookUrl: string; token: string }): Promise<{ url: string }>;
export declare function stopBot(): Promise<void>;
export declare function startBot(): Promise<void>;
export declare const botUrl: string;
/** Of a scenario. */
export declare const file: string;
/** Of `mockWebexConnect()`. */
export declare const webex: MockWebexConnect;
