import { Agent, request as httpRequest } from 'node:http';

/** Milliseconds that the platform waits for an answer, and before it tries again (an hour, compressed). */
const ANSWER_WITHIN_MS = 5000;
const RETRY_AFTER_MS = 20;

/** POSTs events to the bot as the platform does: anything but 200 is a failure. */
export class EventPoster {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  #retried = 0;

  /** Attempts that failed and were made again. */
  get retried(): number {
    return this.#retried;
  }

  /**
   * Sends an event until it is answered 200.
   *
   * @param urlsOf Where it goes at each attempt: to all of them at once, as from a platform whose time-outs make it
   * send again, and one 200 is enough; empty while the bot is down.
   */
  async postUntilTaken(body: string, urlsOf: () => readonly string[]): Promise<void> {
    while (!(await this.#postToAny(urlsOf(), body))) {
      this.#retried++;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #postToAny(urls: readonly string[], body: string): Promise<boolean> {
    const answers = await Promise.all(urls.map((url) => this.#post(url, body)));
    return answers.includes(true);
  }

  #post(url: string, body: string): Promise<boolean> {
    return new Promise((resolve) => {
      const request = httpRequest(url, {
        method: 'POST',
        agent: this.#agent,
        timeout: ANSWER_WITHIN_MS,
        headers: { 'Content-Type': 'application/json' },
      });
      request.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode === 200));
        response.on('error', () => resolve(false));
        response.on('close', () => resolve(response.complete && response.statusCode === 200));
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(false));
      request.end(body);
    });
  }
}
