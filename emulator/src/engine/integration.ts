import { resolveTranscriptUrl } from '../transcriptUrl';
import type { IntegrationView, Platform } from '../world';

/** Failures in a row that make the integration inactive. */
export const FAILURES_UNTIL_INACTIVE = 5;

/** What an operator enters. */
export interface IntegrationSettings {
  readonly botUrl: string | undefined;
  readonly platform: Platform;
  readonly verificationToken: string | undefined;
  readonly accessToken: string | undefined;
}

/** What an operator can change. */
export type IntegrationChanges = Partial<IntegrationSettings>;

/** The integration's life: unverified, active, failing, inactive, and back by edit and *Verify*. */
export class Integration {
  #settings: IntegrationSettings;
  #status: IntegrationView['status'] = 'unverified';
  #failures = 0;
  #lastVerifyProblem: string | undefined;
  #generation = 0;
  readonly #changed: () => void;

  /** @param changed Called after each change of its life. */
  constructor(settings: IntegrationSettings, changed: () => void) {
    this.#changed = changed;
    this.#settings = merge(settings, {});
  }

  get settings(): IntegrationSettings {
    return this.#settings;
  }

  get status(): IntegrationView['status'] {
    return this.#status;
  }

  get isActive(): boolean {
    return this.#status === 'active';
  }

  /** Active, and the last attempt succeeded. */
  get isHealthy(): boolean {
    return this.isActive && this.#failures === 0;
  }

  /** Changes with every edit: what was sent before it says nothing about the integration as it is now. */
  get generation(): number {
    return this.#generation;
  }

  edit(changes: IntegrationChanges): void {
    this.#settings = merge(this.#settings, changes);
    this.#status = 'unverified';
    this.#failures = 0;
    this.#lastVerifyProblem = undefined;
    this.#generation++;
    this.#changed();
  }

  /** Why *Verify* cannot even be tried. */
  get obstacleToVerify(): string | undefined {
    if (this.#settings.botUrl === undefined) return 'The integration has no URL of the bot.';
    if (this.#status !== 'inactive') return undefined;
    return 'The integration is inactive: edit it, then verify it again (an edit that changes nothing will do).';
  }

  /** @param problem Why it failed; `undefined` when it did not. */
  verified(problem: string | undefined): void {
    this.#lastVerifyProblem = problem;
    if (problem === undefined) {
      this.#status = 'active';
      this.#failures = 0;
    }
    this.#changed();
  }

  /** An attempt that was made in `generation` came to an end. */
  attempted(generation: number, isSuccess: boolean): void {
    if (generation !== this.#generation || !this.isActive) return;
    this.#failures = isSuccess ? 0 : this.#failures + 1;
    if (this.#failures >= FAILURES_UNTIL_INACTIVE) this.#status = 'inactive';
    this.#changed();
  }

  /** @param transcriptUrl Where the bot serves transcripts, relative to wherever it is. */
  view(webhookUrl: string, transcriptUrl: string | undefined): IntegrationView {
    const { botUrl, platform, verificationToken, accessToken } = this.#settings;
    return {
      name: 'Bot',
      platform,
      botUrl: botUrl ?? '',
      hasVerificationToken: verificationToken !== undefined,
      hasAccessToken: accessToken !== undefined,
      webhookUrl,
      status: this.#status,
      consecutiveFailures: this.#failures,
      lastVerifyProblem: this.#lastVerifyProblem,
      transcriptUrl: resolveTranscriptUrl(transcriptUrl, botUrl),
    };
  }
}

/** An empty text takes a setting away. */
function merge(settings: IntegrationSettings, changes: IntegrationChanges): IntegrationSettings {
  const botUrl = changes.botUrl ?? settings.botUrl;
  return {
    botUrl: botUrl === undefined || botUrl === '' ? undefined : checkUrl(botUrl),
    platform: changes.platform ?? settings.platform,
    verificationToken: (changes.verificationToken ?? settings.verificationToken) || undefined,
    accessToken: (changes.accessToken ?? settings.accessToken) || undefined,
  };
}

function checkUrl(url: string): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw new TypeError(`botUrl: '${url}' is no http or https URL.`);
}
