import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import { portOf } from './fakeWebhook';

/** One POST of the bot, and what it was answered so far. */
export interface ScriptedPost {
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  answered: number | undefined;
}

/** How a post fares: a status, or one that is answered when the promise says so; 0 breaks the connection. */
export type Answer = number | Promise<number>;

const bodySchema = z.record(z.string(), z.unknown());

/** The webhook of an integration, or the endpoint of a contact centre, on a real socket; the test answers for it. */
export class ScriptedWebhook {
  /** In the order in which they came. */
  readonly posts: ScriptedPost[] = [];
  /** Says how a post fares; 200 by default. */
  answer: (post: ScriptedPost) => Answer = () => 200;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request.setEncoding('utf8')) text += chunk;
      const post: ScriptedPost = {
        body: bodySchema.parse(JSON.parse(text)),
        headers: request.headers,
        text,
        answered: undefined,
      };
      this.posts.push(post);
      const status = await this.answer(post);
      post.answered = status;
      if (status === 0) {
        request.socket.destroy();
        return;
      }
      response.writeHead(status);
      response.end('{}');
    });
  }

  static async listen(): Promise<ScriptedWebhook> {
    const webhook = new ScriptedWebhook();
    webhook.#server.listen(0, '127.0.0.1');
    await once(webhook.#server, 'listening');
    return webhook;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/integration/secret-path`;
  }

  /** The posts of one `eventid`. */
  of(eventId: string): readonly ScriptedPost[] {
    return this.posts.filter(({ body }) => body.eventid === eventId);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** An answer that the test gives later. */
export function laterAnswer(): { readonly answer: Promise<number>; give(status: number): void } {
  let give: (status: number) => void = () => {};
  const answer = new Promise<number>((resolve) => {
    give = resolve;
  });
  return { answer, give: (status) => give(status) };
}
