/** The command line cannot be understood. The message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The values of a command line's options, as `parseArgs` of `node:util` gives them. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

const AGO = /^(\d+)(s|m|h|d)$/;
const MILLISECONDS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What a command was given. Each value is checked as it is asked for. */
export class Args {
  readonly positionals: readonly string[];
  readonly #values: OptionValues;

  constructor(values: OptionValues, positionals: readonly string[]) {
    this.#values = values;
    this.positionals = positionals;
  }

  /** The argument at `index`, which the command line was checked to have. */
  positional(index: number): string {
    return this.positionals[index] ?? '';
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (value === '') throw new UsageError(`--${name} is empty.`);
    return typeof value === 'string' ? value : undefined;
  }

  /** @throws {UsageError} when it is no http or https URL. */
  url(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined || (/^https?:\/\//.test(text) && URL.canParse(text))) return text;
    throw new UsageError(`--${name} must be a URL that begins with http:// or https://.`);
  }

  /** @throws {UsageError} when it is none of `choices`. */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const choice = choices.find((one) => one === text);
    if (choice === undefined)
      throw new UsageError(`--${name} is '${text}'; it must be ${choices.join(' or ')}.`);
    return choice;
  }

  /** @throws {UsageError} when it is no whole number from `least` to `most`. */
  integer(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new UsageError(`--${name} is '${text}'; it must be a whole number from ${least} to ${most}.`);
  }

  /**
   * A time: `2026-03-09T14:00Z`, or how long ago, such as `90s`, `15m`, `2h`, `3d`.
   *
   * @returns Milliseconds since the epoch.
   * @throws {UsageError} when it is none.
   */
  time(name: string, now: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const [, count, unit] = AGO.exec(text) ?? [];
    if (count !== undefined && unit !== undefined) return now - Number(count) * (MILLISECONDS[unit] ?? 0);
    const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(time)) return time;
    throw new UsageError(
      `--${name} is '${text}'; it must be a time such as 2026-03-09T14:00Z, or how long ago, such as 15m, 2h or 3d.`,
    );
  }
}
