import assert from 'node:assert/strict';
import { SqliteStore } from '../../../src/sqlite';
import { conversationHistory } from '../../../src/store/sqlite/historyQueries';
import { SpiedDriver } from './support/spiedDriver';

/** Tables that grow with what was ever done. Of the others, there is a row per destination or per opening. */
const BIG_TABLE =
  /\b(inbox|outbox|attempts|dedupe_keys|quarantine|conversations|bot_state|transcripts|transcript_activities)\b/;
/** What counts at opening walks through an index of what waits, and no more. */
const PARTIAL_INDEX =
  /USING (COVERING )?INDEX (inbox_(lanes|heads)|outbox_(lanes|heads|dead)|conversations_eventful)\b/;
const IS_PLANNED = /^\s*(SELECT|INSERT|UPDATE|DELETE)\b/;

describe('The queries of SqliteStore', () => {
  it('find what they look for by an index, however much is stored', async () => {
    const spied = new SpiedDriver();
    const store = new SqliteStore(':memory:', { openDriver: spied.open });
    await store.open();
    const queries = spied.statements.filter((sql) => IS_PLANNED.test(sql) && sql !== conversationHistory);
    assert.ok(queries.length > 40, 'the queries were not found');
    const offences = queries.flatMap((sql) => {
      const steps = spied.driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      return steps
        .map(({ detail }) => String(detail))
        .filter((detail) => isSlow(detail, sql))
        .map((detail) => `${detail}: ${sql}`);
    });
    assert.deepEqual(offences, []);
    await store.close();
  });

  it('look at the events and messages of one conversation for its history, and at none of the others', async () => {
    const spied = new SpiedDriver();
    const store = new SqliteStore(':memory:', { openDriver: spied.open });
    await store.open();
    const steps = spied.driver.prepare(`EXPLAIN QUERY PLAN ${conversationHistory}`).all();
    const looks = steps.map(({ detail }) => String(detail)).filter((detail) => /^(SEARCH|SCAN)/.test(detail));
    assert.deepEqual(
      [...new Set(looks)]
        .filter((detail) => !/^SCAN (CONSTANT ROW|stretches|e|m|entries)$/.test(detail))
        .sort(),
      [
        // The last row, and the last before a stretch.
        'SEARCH inbox',
        'SEARCH inbox USING INTEGER PRIMARY KEY (rowid<?)',
        'SEARCH outbox',
        'SEARCH outbox USING INTEGER PRIMARY KEY (rowid<?)',
        'SEARCH a USING INDEX attempts_of_conversation (conversation_id=?)',
        'SEARCH t USING INDEX inbox_stretches (<expr>=? AND conversation_id=?)',
        'SEARCH t USING INDEX outbox_stretches (<expr>=? AND conversation_id=?)',
        'SEARCH s USING INTEGER PRIMARY KEY (rowid=?)',
      ].sort(),
    );
    await store.close();
  });

  it('look for due messages among those of one destination only', async () => {
    const spied = new SpiedDriver();
    const store = new SqliteStore(':memory:', { openDriver: spied.open });
    await store.open();
    const queries = spied.statements.filter((sql) =>
      /FROM outbox WHERE destination = \?1? AND\s+due_at/.test(sql),
    );
    assert.equal(queries.length, 4);
    for (const sql of queries) {
      const [step] = spied.driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      assert.match(String(step?.detail), /INDEX outbox_heads \(destination=\? AND due_at[=>]/);
    }
    await store.close();
  });
});

function isSlow(detail: string, sql: string): boolean {
  if (/TEMP B-TREE/.test(detail)) return true;
  if (!/^SCAN/.test(detail) || !BIG_TABLE.test(detail) || PARTIAL_INDEX.test(detail)) return false;
  // The quarantine is bounded but for events, and counted once.
  return !/COUNT\(\*\) AS n FROM quarantine/.test(sql);
}
