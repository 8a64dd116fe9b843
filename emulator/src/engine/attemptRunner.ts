import { crowded, realDelay } from '../clock/realDelay';
import { BotClient, type PostOutcome } from '../wire/botClient';
import { findToken } from '../wire/tokenInAnswer';
import type { Attempt, FaultEffect } from '../world';
import { describeFault } from './faults';
import type { Integration, IntegrationSettings } from './integration';

/** What came of an attempt. */
export interface AttemptResult {
  readonly status: number | undefined;
  /** Why it counts as a failure. */
  readonly problem: string | undefined;
  readonly answer: string;
  readonly token: Attempt['token'];
  readonly tookMs: number;
  readonly fault: string | undefined;
  /** Without what a fault added; undefined when the bot was not asked. */
  readonly tookBotMs: number | undefined;
  /** The limit passed, and that by the bot's own fault. */
  readonly wasCut: boolean;
}

type Answered = Extract<PostOutcome, { kind: 'answered' }>;

const MAX_SHOWN = 4096;

/** Makes attempts: POSTs to the bot and checks the answer, or plays a fault. */
export class AttemptRunner {
  readonly #client = new BotClient();
  readonly #stopped = new AbortController();
  readonly #integration: Integration;
  readonly #limitMs: number;

  /** @param limitMs Milliseconds of real time that the bot has to answer. */
  constructor(integration: Integration, limitMs: number) {
    this.#integration = integration;
    this.#limitMs = limitMs;
    crowded(this.#stopped.signal);
  }

  get isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** Cuts what is under way. */
  stop(): void {
    this.#stopped.abort();
    this.#client.close();
  }

  async run(body: string, fault: FaultEffect | undefined): Promise<AttemptResult> {
    const played = fault === undefined ? undefined : describeFault(fault);
    if (fault?.kind === 'refuse') return inBotsPlace(undefined, 'the connection was refused', played);
    if (fault?.kind === 'status') {
      const problem = isSuccess(fault.status) ? undefined : `answered ${fault.status}`;
      return inBotsPlace(fault.status, problem, played);
    }
    const result = await this.#post(
      fault?.kind === 'truncate' ? truncated(body, fault.bytes) : Buffer.from(body),
    );
    return { ...(await this.#spoil(result, fault)), fault: played };
  }

  async #post(body: Buffer): Promise<AttemptResult> {
    const settings = this.#integration.settings;
    const { botUrl } = settings;
    if (botUrl === undefined)
      return inBotsPlace(undefined, 'the integration has no URL of the bot', undefined);
    const outcome = await this.#client.post({
      url: botUrl,
      body,
      // Assumption: the reference says "using the access token", not where it goes.
      headers: usesAccessToken(settings) ? { Authorization: `Bearer ${settings.accessToken}` } : {},
      limitMs: this.#limitMs,
    });
    if (outcome.kind === 'answered') return this.#check(outcome, settings);
    const problem = outcome.kind === 'cut' ? this.#noAnswer() : outcome.problem;
    const wasCut = outcome.kind === 'cut';
    return { ...NO_ANSWER, problem, tookMs: outcome.tookMs, tookBotMs: outcome.tookMs, wasCut };
  }

  #check(answer: Answered, settings: IntegrationSettings): AttemptResult {
    const isChecked = settings.platform === 'OTHERS' && settings.verificationToken !== undefined;
    const token =
      isChecked && isSuccess(answer.status)
        ? findToken(settings.verificationToken ?? '', answer)
        : 'notChecked';
    return {
      status: answer.status,
      problem: problemOf(answer.status, token),
      answer: answer.body.slice(0, MAX_SHOWN),
      token,
      tookMs: answer.tookMs,
      tookBotMs: answer.tookMs,
      wasCut: false,
      fault: undefined,
    };
  }

  /** What a fault makes of the bot's answer. */
  async #spoil(result: AttemptResult, fault: FaultEffect | undefined): Promise<AttemptResult> {
    if (fault?.kind === 'timeOut') {
      return { ...result, status: undefined, answer: '', problem: this.#noAnswer(), tookMs: this.#limitMs };
    }
    if (fault?.kind === 'resetAfterSend') {
      return { ...result, status: undefined, answer: '', problem: 'the connection was reset' };
    }
    if (fault?.kind !== 'answerLate') return result;

    const tookMs = result.tookMs + fault.delayMs;
    await realDelay(Math.min(tookMs, this.#limitMs) - result.tookMs, this.#stopped.signal);
    if (tookMs <= this.#limitMs) return { ...result, tookMs };
    return { ...result, status: undefined, answer: '', problem: this.#noAnswer(), tookMs: this.#limitMs };
  }

  #noAnswer(): string {
    return `no answer within ${this.#limitMs} ms`;
  }
}

const NO_ANSWER: AttemptResult = {
  status: undefined,
  problem: undefined,
  answer: '',
  token: 'notChecked',
  tookMs: 0,
  tookBotMs: undefined,
  wasCut: false,
  fault: undefined,
};

function inBotsPlace(
  status: number | undefined,
  problem: string | undefined,
  fault: string | undefined,
): AttemptResult {
  return { ...NO_ANSWER, status, problem, fault };
}

function usesAccessToken({ platform, accessToken }: IntegrationSettings): boolean {
  return platform === 'IMI BOT' && accessToken !== undefined;
}

function problemOf(status: number, token: Attempt['token']): string | undefined {
  if (!isSuccess(status)) return `answered ${status}`;
  if (token === 'missing') return 'token missing';
  return token === 'wrong' ? 'wrong token' : undefined;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

function truncated(body: string, bytes: number): Buffer {
  return Buffer.from(body).subarray(0, Math.max(bytes, 0));
}
