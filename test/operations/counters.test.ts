import assert from 'node:assert/strict';
import { Counters } from '../../src/operations/counters';

describe('Counters', () => {
  it('begin at nothing', () => {
    assert.equal(new Counters().get('events_stored_total'), 0);
  });

  it('add up, each for itself', () => {
    const counters = new Counters();
    counters.add('events_stored_total');
    counters.add('events_stored_total');
    counters.add('messages_staged_total', 3);
    assert.equal(counters.get('events_stored_total'), 2);
    assert.equal(counters.get('messages_staged_total'), 3);
    assert.equal(counters.get('messages_dead_total'), 0);
  });

  it('are no other adapter’s', () => {
    const one = new Counters();
    one.add('events_stored_total');
    assert.equal(new Counters().get('events_stored_total'), 0);
  });

  it('are written for Prometheus, all of them, with help, type and value', () => {
    const counters = new Counters();
    counters.add('turns_failed_total', 7);
    const lines = counters.toPrometheus().split('\n');
    assert.equal(lines.pop(), '', 'the text ends with a line end');
    assert.equal(lines.length % 3, 0);
    for (let index = 0; index < lines.length; index += 3) {
      const [help = '', type = '', value = ''] = lines.slice(index, index + 3);
      const [, name = ''] = /^# HELP (webex_connect_[a-z_]+_total) \S.*\.$/.exec(help) ?? [];
      assert.equal(type, `# TYPE ${name} counter`);
      assert.match(value, new RegExp(`^${name} \\d+$`));
    }
    assert.ok(lines.includes('webex_connect_turns_failed_total 7'));
    assert.ok(lines.includes('webex_connect_events_stored_total 0'));
  });
});
