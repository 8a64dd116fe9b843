import type { LogFields, Logger } from '../../src/logger';

/** Keeps every line, fields included. */
export class RecordingLogger implements Logger {
  readonly #lines: { readonly level: keyof Logger; readonly text: string }[] = [];

  debug = this.#keep('debug');
  info = this.#keep('info');
  warn = this.#keep('warn');
  error = this.#keep('error');

  /** The lines of one level, or all. */
  lines(level?: keyof Logger): string[] {
    return this.#lines.filter((line) => level === undefined || line.level === level).map(({ text }) => text);
  }

  #keep(level: keyof Logger) {
    return (message: string, fields: LogFields = {}) => {
      this.#lines.push({ level, text: `${message} ${JSON.stringify(fields)}` });
    };
  }
}
