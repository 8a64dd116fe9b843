import assert from 'node:assert/strict';
import { type LoggedEvent, WireLog } from '../../src/engine/wireLog';
import type { PostFromBot } from '../../src/world';

const event = (id: string, body = '{}'): LoggedEvent => ({
  kind: 'toBot',
  id,
  conversationId: 'CONV-1',
  event: 'Incoming message',
  body,
  state: 'waiting',
  dueAt: undefined,
  attempts: [],
});

const post = (id: string, body: string): PostFromBot => ({
  kind: 'fromBot',
  id,
  at: 0,
  conversationId: 'CONV-1',
  eventId: '1001',
  body,
  headers: {},
  problems: [],
  status: 200,
  tookMs: 1,
  fault: undefined,
  isRepeat: false,
});

const idsIn = (wire: WireLog) => wire.view().map(({ id }) => id);

describe("The wire's log", () => {
  it('shows copies, the same ones until something changes', () => {
    const wire = new WireLog();
    const entry = event('1');
    wire.add(entry);
    const [shown] = wire.view();
    assert.equal(wire.view()[0], shown);
    entry.state = 'underWay';
    assert.notEqual(wire.view()[0], shown);
    assert.deepEqual(shown, event('1'));
  });

  it('lets go of the oldest of ten thousand', () => {
    const wire = new WireLog();
    for (let n = 1; n <= 10_000; n++) wire.add(event(`${n}`));
    assert.deepEqual([wire.view().length, wire.view()[0]?.id], [500, '9501']);
    assert.equal(wire.find('9500'), undefined);
    assert.equal(wire.find('9501')?.id, '9501');
  });

  it('lets go of the oldest when they are large, but never of the latest', () => {
    const wire = new WireLog();
    for (let n = 1; n <= 20; n++) wire.add(post(`${n}`, 'x'.repeat(1_000_000)));
    assert.deepEqual(idsIn(wire), ['13', '14', '15', '16', '17', '18', '19', '20']);
    wire.add(post('huge', 'x'.repeat(9_000_000)));
    assert.deepEqual(idsIn(wire), ['huge']);
    wire.add(event('small'));
    assert.deepEqual(idsIn(wire), ['small']);
    for (let n = 1; n <= 100; n++) wire.add(event(`${n}`));
    assert.equal(wire.view().length, 101);
  });
});
