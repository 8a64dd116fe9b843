/** What became of one attempt to send a message. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly platformMessageId: string | undefined }
  /** Worth another try. */
  | {
      readonly kind: 'failed';
      /** In a few words, and none of the message's and no secret (I9): it goes into logs and the history. */
      readonly reason: string;
      /** The bytes may have arrived all the same (I7). */
      readonly isAmbiguous: boolean;
      readonly retryAfterMs: number | undefined;
    }
  /** The same message would be refused again. */
  | {
      readonly kind: 'refused';
      readonly reason: string;
      /** Whether the message or the address is wrong: only the latter says something about the webhook. */
      readonly blames: 'message' | 'webhook';
    };

/** Statuses after which the same message is tried again, beside 5xx. */
const RETRIED_STATUSES = new Set([408, 425, 429]);
/** A gateway that gave up waiting does not know whether the server behind it acted. */
const UNKNOWN_OUTCOME_STATUSES = new Set([408, 502, 504]);
/** Refusals that every message would meet: credentials, address or method are wrong. */
const WEBHOOK_STATUSES = new Set([401, 403, 404, 405, 407, 410]);

/** Classifies an answer that is not 2xx. Redirects are never followed and count against the webhook. */
export function outcomeOfStatus(status: number, retryAfterMs: number | undefined): SendOutcome {
  const reason = `the webhook answered ${status}`;
  if (RETRIED_STATUSES.has(status) || status >= 500) {
    return { kind: 'failed', reason, isAmbiguous: UNKNOWN_OUTCOME_STATUSES.has(status), retryAfterMs };
  }
  const blames = status < 400 || WEBHOOK_STATUSES.has(status) ? 'webhook' : 'message';
  return { kind: 'refused', reason, blames };
}

/** Nothing was sent when the connection was never made. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|CERT_\w+|ERR_TLS_\w+|UNABLE_TO_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UND_ERR_CONNECT_TIMEOUT|UND_ERR_INVALID_ARG)$/;

/** Classifies a request that got no answer. Only the error's code is kept, for a message may hold the address. */
export function outcomeOfNetworkError(code: string | undefined): SendOutcome {
  return {
    kind: 'failed',
    reason: `network error ${code ?? 'without a code'}`,
    isAmbiguous: !NOT_CONNECTED.test(code ?? ''),
    retryAfterMs: undefined,
  };
}

/** The outcome of a request that took longer than it may. */
export function outcomeOfTimeout(timeoutMs: number): SendOutcome {
  return {
    kind: 'failed',
    reason: `no answer within ${timeoutMs} ms`,
    isAmbiguous: true,
    retryAfterMs: undefined,
  };
}
