import { NpmScript } from '../../support/npmScript';

/** `npm start` in a terminal. */
export class NpmStart extends NpmScript {
  /**
   * @param directory Where it is typed. Temporary files go there too.
   * @param environment Any free ports, unless it names others.
   */
  constructor(directory: string, environment: Readonly<Record<string, string>> = {}) {
    super(['start'], 'Ctrl-C stops both.', directory, environment);
  }

  /** Of the emulator's page, without a slash at its end. */
  get pageUrl(): string {
    return this.after('Webex Connect, emulated:');
  }

  /** Of the bot's endpoint. */
  get botUrl(): string {
    return this.after('The contact-centre bot:');
  }
}
