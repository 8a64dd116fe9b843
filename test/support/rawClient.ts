import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer, as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

/** A caller that writes whatever bytes a test wants. */
export class RawClient {
  /** Every answer so far, preliminary ones left out. */
  readonly answers: RawAnswer[] = [];
  /** The statuses of the preliminary answers, such as 100. */
  readonly preliminary: number[] = [];
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  #unread = '';
  #waiters: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (bytes: string) => this.#take(bytes));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        resolve();
        this.#wake();
      });
    });
  }

  static async to(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const client = new RawClient(socket);
    await once(socket, 'connect');
    return client;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** Bytes that the system has taken. */
  get bytesWritten(): number {
    return this.#socket.bytesWritten - this.#socket.writableLength;
  }

  send(bytes: string | Uint8Array): this {
    this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }

  /** Sends, and waits while the other side reads too slowly. @returns Whether the connection still stands. */
  async sendSlowly(bytes: Uint8Array): Promise<boolean> {
    if (!this.isOpen) return false;
    if (!this.#socket.write(bytes)) {
      await Promise.race([new Promise((resolve) => this.#socket.once('drain', resolve)), this.closed]);
    }
    return this.isOpen;
  }

  /** Sends no more, and reads on. */
  end(): this {
    this.#socket.end();
    return this;
  }

  /** Goes without a word. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Waits for the next `count` answers in all, or for the end of the connection. */
  async waitFor(count: number): Promise<readonly RawAnswer[]> {
    while (this.answers.length < count && this.isOpen) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    return this.answers;
  }

  /** The status of the first answer; `undefined` when the connection ended without one. */
  async status(): Promise<number | undefined> {
    const [answer] = await this.waitFor(1);
    return answer?.status;
  }

  #take(bytes: string): void {
    this.#unread += bytes;
    while (this.#takeAnswer());
    this.#wake();
  }

  #takeAnswer(): boolean {
    const headLength = this.#unread.indexOf(HEAD_END);
    if (headLength < 0) return false;
    const head = this.#unread.slice(0, headLength);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
    const start = headLength + HEAD_END.length;
    const length = lengthOf(head, this.#unread.slice(start));
    if (length === undefined || this.#unread.length < start + length) return false;
    const body = this.#unread.slice(start, start + length);
    this.#unread = this.#unread.slice(start + length);
    if (status < 200) this.preliminary.push(status);
    else this.answers.push({ status, head, body });
    return true;
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}

/** Of a chunked body, which only Node's own answers have here, with all that frames it. */
function lengthOf(head: string, rest: string): number | undefined {
  if (!/^transfer-encoding: chunked/im.test(head))
    return Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  const end = `0${HEAD_END}`;
  const at = rest.indexOf(end);
  return at < 0 ? undefined : at + end.length;
}

/** The bytes of a POST to the bot. */
export function postBytes(body: string | Uint8Array, headers: readonly string[] = []): Buffer {
  const bytes = Buffer.from(body);
  const head = [
    'Host: bot.test',
    'Content-Type: application/json',
    `Content-Length: ${bytes.length}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(postHead(...head), 'latin1'), bytes]);
}

/** The head of a POST to the bot, with these headers and no other. */
export function postHead(...headers: readonly string[]): string {
  return `${['POST /api/webex-connect HTTP/1.1', ...headers].join('\r\n')}${HEAD_END}`;
}
