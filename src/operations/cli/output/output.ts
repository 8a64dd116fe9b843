import pc from 'picocolors';
import type { Terminal } from '../terminal';
import { escapeJson, escapeText } from './escapeText';
import { padTo, textWidth } from './textWidth';

/** How something is to be told: in a colour where there are colours. */
export type Tone = 'good' | 'warning' | 'bad' | 'faint' | 'strong';

/** A text of ours or from outside, with its tone. */
export interface Toned {
  readonly text: string;
  readonly tone: Tone;
}

export type Cell = string | number | Toned;

/** Blanks between columns. */
const GAP = 2;

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

  /** Columns side by side, each as wide as its widest cell. */
  table(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
    const lines: Cell[][] = [
      head.map((title) => ({ text: title, tone: 'strong' })),
      ...rows.map((row) => [...row]),
    ];
    const widths = head.map((_, column) =>
      lines.reduce((widest, line) => Math.max(widest, textWidth(textOf(line[column] ?? ''))), 0),
    );
    for (const line of lines) {
      const cells = line.map((cell, column) =>
        // The last is left as it is: a terminal might break lines of blanks.
        column === head.length - 1 ? this.#paint(cell) : this.#paint(cell, (widths[column] ?? 0) + GAP),
      );
      this.#write(cells.join('').trimEnd());
    }
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

  /** @param width Filled up with blanks to so many columns. */
  #paint(cell: Cell, width = 0): string {
    const text = padTo(textOf(cell), width);
    if (typeof cell !== 'object') return text;
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

/** A cell as a terminal may show it. */
function textOf(cell: Cell): string {
  return escapeText(typeof cell === 'object' ? cell.text : String(cell));
}

/** See no-color.org. */
function hasColors({ env, isTTY }: Terminal): boolean {
  return isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}
