import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance } from 'axios';
import { AnswerBody } from './answerBody';
import {
  type HttpAnswer,
  type HttpExchange,
  type HttpTransport,
  HttpTransportError,
  type HttpTransportSettings,
} from './httpTransport';

/** POSTs with axios over Node's own HTTP client, where nock and tracing agents stand. */
export class AxiosTransport implements HttpTransport {
  readonly #url: string;
  readonly #axios: AxiosInstance;
  readonly #agents: readonly http.Agent[];
  readonly #underWay = new Set<AbortController>();

  constructor({ url, maxConnections }: HttpTransportSettings) {
    this.#url = url;
    const agentOptions = { keepAlive: true, maxSockets: maxConnections };
    const httpAgent = new http.Agent(agentOptions);
    const httpsAgent = new https.Agent(agentOptions);
    this.#agents = [httpAgent, httpsAgent];
    this.#axios = axios.create({
      adapter: 'http',
      httpAgent,
      httpsAgent,
      maxRedirects: 0,
      proxy: false,
      // The status alone decides, however long or broken the body is: so the body is read here, up to a limit.
      responseType: 'stream',
      decompress: false,
      validateStatus: () => true,
      transformRequest: [],
    });
  }

  post(body: string, headers: Readonly<Record<string, string>>): HttpExchange {
    const controller = new AbortController();
    return { answer: this.#exchange(body, headers, controller), cut: () => controller.abort() };
  }

  close(): void {
    for (const controller of this.#underWay) controller.abort();
    for (const agent of this.#agents) agent.destroy();
  }

  async #exchange(
    text: string,
    headers: Readonly<Record<string, string>>,
    controller: AbortController,
  ): Promise<HttpAnswer> {
    this.#underWay.add(controller);
    try {
      const {
        status,
        headers: answered,
        data,
      } = await this.#axios.post<Readable>(this.#url, text, {
        signal: controller.signal,
        headers,
      });
      const body = await read(data);
      const retryAfter: unknown = answered['retry-after'];
      return { status, retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined, body };
    } catch (error) {
      throw new HttpTransportError(axios.isAxiosError(error) ? error.code : undefined);
    } finally {
      this.#underWay.delete(controller);
    }
  }
}

/** Resolves with what has come when the body breaks off: the status was there already. */
function read(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    const body = new AnswerBody();
    const finish = () => resolve(body.toString());
    stream.on('data', (chunk: Buffer) => {
      body.add(chunk);
      if (body.isFull) stream.destroy();
    });
    stream.on('end', finish);
    stream.on('error', finish);
    stream.on('close', finish);
  });
}
