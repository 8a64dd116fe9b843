import assert from 'node:assert/strict';
import { Output } from '../../../../src/operations/cli/output/output';

interface Look {
  readonly env?: NodeJS.ProcessEnv;
  readonly isTTY?: boolean;
  readonly isErrorTTY?: boolean;
  readonly isJson?: boolean;
}

function outputOn({ env = {}, isTTY = false, isErrorTTY = false, isJson = false }: Look = {}) {
  const written = { stdout: '', stderr: '' };
  const terminal = {
    env,
    isTTY,
    isErrorTTY,
    write: (text: string) => {
      written.stdout += text;
    },
    warn: (text: string) => {
      written.stderr += text;
    },
    signal: new AbortController().signal,
  };
  return { out: new Output(terminal, isJson), written };
}

const RED = '\u001b[31m';

describe('Output', () => {
  const LOOKS: readonly [string, Look, boolean][] = [
    ['on a terminal', { isTTY: true }, true],
    ['into a file', {}, false],
    ['where NO_COLOR is set', { isTTY: true, env: { NO_COLOR: '1' } }, false],
    ['where NO_COLOR is empty', { isTTY: true, env: { NO_COLOR: '' } }, true],
    ['on a dumb terminal', { isTTY: true, env: { TERM: 'dumb' } }, false],
    ['as JSON', { isTTY: true, isJson: true }, false],
  ];
  for (const [where, look, isColoured] of LOOKS) {
    it(`is ${isColoured ? '' : 'not '}coloured ${where}`, () => {
      const { out, written } = outputOn(look);
      out.line({ text: 'inactive', tone: 'bad' });
      assert.equal(written.stdout.includes(RED), isColoured);
      assert.match(written.stdout, /inactive/);
    });
  }

  it('sets a table in columns, whatever their letters are wide', () => {
    const { out, written } = outputOn();
    out.table(
      ['ID', 'REASON'],
      [
        ['漢字', 'the webhook answered 400'],
        ['abcdefgh', 'x'],
      ],
    );
    assert.deepEqual(written.stdout.split('\n'), [
      'ID        REASON',
      '漢字      the webhook answered 400',
      'abcdefgh  x',
      '',
    ]);
  });

  it('sets a table of very many rows in a moment', () => {
    const { out, written } = outputOn();
    out.table(
      ['ID', 'REASON'],
      Array.from({ length: 100_000 }, (_, index) => [`id-${index}`, 'refused']),
    );
    assert.equal(written.stdout.split('\n').length, 100_002);
  });

  it('escapes what comes from outside, in lines, tables, fields and notes', () => {
    const { out, written } = outputOn({ isTTY: true, env: { NO_COLOR: '1' } });
    const evil = '\u001b[2J\u202e';
    out.line(evil, { text: evil, tone: 'bad' });
    out.table([evil], [[evil]]);
    out.fields([[evil, evil]]);
    out.note(evil);
    out.progress(evil);
    const all = written.stdout + written.stderr.replaceAll('\r\u001b[K', '');
    assert.ok(!all.includes('\u001b') && !all.includes('\u202e'), all);
  });

  it('shows progress only where a person looks, and wipes it before anything else', () => {
    const quiet = outputOn();
    quiet.out.progress('1 of 2');
    assert.equal(quiet.written.stderr, '');
    const { out, written } = outputOn({ isErrorTTY: true });
    out.progress('1 of 2');
    out.progress('2 of 2');
    out.line('done');
    assert.equal(written.stderr, '\r\u001b[K1 of 2\r\u001b[K2 of 2\r\u001b[K');
    assert.equal(written.stdout, 'done\n');
  });
});
