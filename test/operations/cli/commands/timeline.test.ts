import assert from 'node:assert/strict';
import { lineOf, type TimelineEntry } from '../../../../src/operations/cli/commands/timeline';

const AT = { id: '1', at: 0, conversationId: 'c' };
const turn = { ...AT, kind: 'turnAttempt', eventId: 'e', attempt: 2 } as const;
const send = { ...AT, kind: 'sendAttempt', messageId: 'm', destination: 'crm', attempt: 3 } as const;
const staged = {
  ...AT,
  kind: 'messageStaged',
  messageId: 'e.1',
  activityId: 'a',
  destination: 'crm',
} as const;

const ENTRIES: readonly [TimelineEntry, string][] = [
  [{ ...AT, kind: 'eventAccepted', eventId: 'e', source: 'platform' }, 'event e received from Webex Connect'],
  [
    { ...AT, kind: 'eventAccepted', eventId: 'e', source: 'deliveryFailed' },
    'event e tells the bot that a message was given up',
  ],
  [
    { ...AT, kind: 'eventAccepted', eventId: 'e', source: 'handoffStatus' },
    'event e tells the bot what became of a handover',
  ],
  [{ ...turn, outcome: 'completed' }, 'turn e attempt 2: completed'],
  [{ ...turn, outcome: 'failed', reason: 'TypeError' }, 'turn e attempt 2: failed: TypeError'],
  [{ ...turn, outcome: 'quarantined', reason: 'TypeError' }, 'turn e attempt 2: TypeError; quarantined'],
  [{ ...turn, outcome: 'abandoned' }, 'turn e attempt 2: abandoned: its process ended, or lost its lease'],
  [{ ...staged, role: 'message', eventId: 'e' }, 'message e.1 stored for crm'],
  [{ ...staged, role: 'message', eventId: undefined }, 'message e.1 stored for crm'],
  [{ ...staged, role: 'message', eventId: 'other' }, 'message e.1 stored for crm, by the turn of other'],
  [{ ...staged, role: 'handover', eventId: 'e' }, 'message e.1 a handover, stored for crm'],
  [{ ...staged, role: 'handoverCopy', eventId: 'e' }, 'message e.1 a copy of a handover, stored for crm'],
  [{ ...send, outcome: 'delivered' }, 'send m attempt 3 to crm: delivered'],
  [
    { ...send, outcome: 'failed', reason: 'no answer within 5000 ms', isAmbiguous: true },
    'send m attempt 3 to crm: failed: no answer within 5000 ms (it may have arrived)',
  ],
  [
    { ...send, outcome: 'held', reason: '503', isAmbiguous: false },
    'send m attempt 3 to crm: 503; held back, the attempt does not count',
  ],
  [
    { ...send, outcome: 'dead', reason: '400', isAmbiguous: false },
    'send m attempt 3 to crm: 400; a dead letter',
  ],
  [
    { ...send, outcome: 'abandoned' },
    'send m attempt 3 to crm: abandoned: its process ended, or lost its lease; it may have arrived',
  ],
  [
    { kind: 'requestQuarantined', id: '1', at: 0, requestId: 'r' },
    'request r could not be read; see quarantine show',
  ],
  [
    { kind: 'handoverEnded', at: 0, handoverId: 'h', outcome: 'failed', reason: 'the webhook answered 400' },
    'handover h failed: the webhook answered 400; the bot has it again',
  ],
  [
    { kind: 'handoverEnded', at: 0, handoverId: 'h', outcome: 'failed', reason: '' },
    'handover h failed; the bot has it again',
  ],
  [{ kind: 'closed', at: 0 }, 'life  closed'],
  [{ kind: 'said', at: 0, author: 'agent', text: 'Kim here' }, 'agent  Kim here'],
];

describe('A line of a timeline', () => {
  for (const [entry, expected] of ENTRIES) {
    it(`is '${expected}'`, () => {
      const { what, id, details } = lineOf(entry);
      const text = typeof details === 'object' ? details.text : String(details);
      assert.equal(`${what} ${id} ${text}`, expected);
    });
  }
});
