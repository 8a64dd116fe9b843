import Table from 'cli-table3';
import pc from 'picocolors';
import type { Terminal } from '../terminal';
import { escapeJson, escapeText } from './escapeText';

/** How something is to be told: in a colour where there are colours. */
export type Tone = 'good' | 'warning' | 'bad' | 'faint' | 'strong';

/** A text of ours or from outside, with its tone. */
export interface Toned {
  readonly text: string;
  readonly tone: Tone;
}

export type Cell = string | number | Toned;

/** Rules that are not there, and two blanks between columns. */
const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * What a command prints, on standard output the result, on standard error all that is said beside it. Whatever came from
 * outside is escaped on its way.
 */
export class Output {
  /** Whether the result is for a script. */
  readonly isJson: boolean;
  readonly #terminal: Terminal;
  readonly #colors: ReturnType<typeof pc.createColors>;
  #progress = false;

  constructor(terminal: Terminal, isJson: boolean) {
    this.#terminal = terminal;
    this.isJson = isJson;
    this.#colors = pc.createColors(hasColors(terminal) && !isJson);
  }

  /** A line for people, of parts that are set side by side. */
  line(...parts: readonly Cell[]): void {
    this.#write(parts.map((part) => this.#paint(part)).join(''));
  }

  /** The result, for a script. */
  json(value: unknown): void {
    this.#write(escapeJson(JSON.stringify(value, undefined, 2)));
  }

  /** One of many results, on a line of its own (NDJSON). */
  jsonLine(value: unknown): void {
    this.#write(escapeJson(JSON.stringify(value)));
  }

  table(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
    const table = new Table({
      head: head.map((title) => this.#paint({ text: title, tone: 'strong' })),
      chars: PLAIN,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    });
    table.push(...rows.map((row) => row.map((cell) => this.#paint(cell))));
    for (const line of table.toString().split('\n')) this.#write(line.trimEnd());
  }

  /** Names and values, one pair a line. */
  fields(rows: readonly (readonly [name: string, value: Cell])[]): void {
    const width = Math.max(...rows.map(([name]) => name.length));
    for (const [name, value] of rows) {
      this.line({ text: name.padEnd(width + 2), tone: 'faint' }, value);
    }
  }

  /** Something to know beside the result. */
  note(text: string): void {
    this.#endProgress();
    this.#terminal.warn(`${escapeText(text)}\n`);
  }

  /** How far a long work has come; shown only where a person looks. */
  progress(text: string): void {
    if (!this.#terminal.isErrorTTY) return;
    this.#terminal.warn(`\r\u001b[K${escapeText(text)}`);
    this.#progress = true;
  }

  #write(line: string): void {
    this.#endProgress();
    this.#terminal.write(`${line}\n`);
  }

  #endProgress(): void {
    if (!this.#progress) return;
    this.#progress = false;
    this.#terminal.warn('\r\u001b[K');
  }

  #paint(cell: Cell): string {
    if (typeof cell === 'number') return String(cell);
    if (typeof cell === 'string') return escapeText(cell);
    const text = escapeText(cell.text);
    switch (cell.tone) {
      case 'good':
        return this.#colors.green(text);
      case 'warning':
        return this.#colors.yellow(text);
      case 'bad':
        return this.#colors.red(text);
      case 'faint':
        return this.#colors.dim(text);
      case 'strong':
        return this.#colors.bold(text);
    }
  }
}

/** See no-color.org. */
function hasColors({ env, isTTY }: Terminal): boolean {
  return isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}
