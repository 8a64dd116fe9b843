import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { incomingMessage } from '../../../src/testing';
import { postTo } from '../../support/botHost';
import { type TargetReport, type TargetSettings, targetReport } from './targetSettings';

const listening = z.object({ url: z.string() });

/** A bot in a process of its own, to be attacked. */
export class Target {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Resolves when it listens. */
  static async start(settings: TargetSettings = {}): Promise<Target> {
    // Coverage would cost it more memory than it is asked for.
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    const child = fork(join(__dirname, 'targetServer.ts'), [JSON.stringify(settings)], {
      execArgv: ['--require', 'tsx/cjs'],
      env,
    });
    const [message] = await once(child, 'message');
    return new Target(child, listening.parse(message).url);
  }

  /** How it is. Fails when it has died. */
  async report(): Promise<TargetReport> {
    assert.equal(this.#child.exitCode ?? this.#child.signalCode, null, 'the target has died');
    this.#child.send('report');
    const [message] = await once(this.#child, 'message');
    return targetReport.parse(message);
  }

  /** Waits until it is so. */
  async until(isSo: (report: TargetReport) => boolean): Promise<TargetReport> {
    for (;;) {
      const report = await this.report();
      if (isSo(report)) return report;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** A customer's message is answered 200, its turn run, and the customer hears of it. */
  async stillServes(headers?: Record<string, string>): Promise<void> {
    const { replies } = await this.report();
    const answer = await postTo(this.url, incomingMessage('still there?'), headers);
    assert.equal(answer.status, 200);
    await this.until((report) => report.replies === replies + 1);
  }

  async stop(): Promise<void> {
    if (!this.#child.connected) return;
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }
}
