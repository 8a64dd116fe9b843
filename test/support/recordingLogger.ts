import type { LogFields, Logger } from '../../src/logger';

export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** A logger that keeps its lines. */
export class RecordingLogger implements Logger {
  readonly lines: LogLine[] = [];
  readonly debug = this.#at('debug');
  readonly info = this.#at('info');
  readonly warn = this.#at('warn');
  readonly error = this.#at('error');

  /** Everything that was written, as one text. */
  get text(): string {
    return JSON.stringify(this.lines);
  }

  /** The lines of one level, or all, each as one text with its fields. */
  texts(level?: keyof Logger): string[] {
    return this.lines
      .filter((line) => level === undefined || line.level === level)
      .map(({ message, fields }) => `${message} ${JSON.stringify(fields)}`);
  }

  #at(level: keyof Logger): Logger['info'] {
    return (message, fields) => {
      this.lines.push({ level, message, fields });
    };
  }
}
