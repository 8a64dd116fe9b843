import assert from 'node:assert/strict';
import { openDriver } from '../../../src/store/sqlite/driver/openDriver';
import { LaneSizes } from '../../../src/store/sqlite/laneSizes';
import { UndoLog } from '../../../src/store/sqlite/undoLog';

describe('LaneSizes', () => {
  const driver = openDriver(':memory:');
  driver.exec(`CREATE TABLE t (destination TEXT, conversation_id TEXT, ended_at INTEGER);
    CREATE INDEX t_lanes ON t (conversation_id, destination) WHERE ended_at IS NULL;
    INSERT INTO t VALUES ('webhook', 'a', NULL), ('webhook', 'a', NULL), ('bridge', 'a', NULL), ('webhook', 'b', 1)`);
  after(() => driver.close());

  const opened = (undo = new UndoLog()) =>
    new LaneSizes(driver, undo, 't', ['destination', 'conversation_id']);

  it('counts what waits when the database is opened, lane by lane', () => {
    const sizes = opened();
    assert.equal(sizes.of(['webhook', 'a']), 2);
    assert.equal(sizes.of(['bridge', 'a']), 1);
    assert.equal(sizes.of(['webhook', 'b']), 0);
  });

  it('goes along with what is added and ended', () => {
    const sizes = opened();
    sizes.add(['webhook', 'b'], 1);
    sizes.add(['webhook', 'a'], -1);
    assert.equal(sizes.of(['webhook', 'b']), 1);
    assert.equal(sizes.of(['webhook', 'a']), 1);
  });

  it('takes back what its transaction takes back', () => {
    const undo = new UndoLog();
    const sizes = opened(undo);
    sizes.add(['webhook', 'a'], -1);
    const mark = undo.mark();
    sizes.add(['webhook', 'a'], -1);
    sizes.add(['webhook', 'c'], 1);
    undo.undoTo(mark);
    assert.equal(sizes.of(['webhook', 'a']), 1);
    assert.equal(sizes.of(['webhook', 'c']), 0);
  });

  it('never takes one lane for another', () => {
    const sizes = opened();
    sizes.add(['a b', 'c'], 1);
    assert.equal(sizes.of(['a', 'b c']), 0);
    assert.equal(sizes.of(['a b', 'c']), 1);
  });
});
