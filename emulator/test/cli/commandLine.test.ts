import assert from 'node:assert/strict';
import { readCommandLine } from '../../src/cli/commandLine';
import type { EmulatorOptions } from '../../src/emulatorApi';
import { readOptions } from '../../src/emulatorOptions';

const ALL: EmulatorOptions & { readonly botUrl: string } = {
  port: 4001,
  botUrl: 'http://localhost:3978/bot',
  platform: 'IMI BOT',
  verificationToken: 'v',
  accessToken: 'a',
  rule: 'CCSP',
  dialect: 'sloppyCasing',
  closeEventId: '1003',
  seed: 7,
  webhookPath: 'mine',
};

describe('Reading the command line', () => {
  const words = Object.entries(ALL).flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value),
  ]);

  it('takes every option, and none that createEmulator would refuse', () => {
    const command = readCommandLine(words, {});
    assert.deepEqual(command, { kind: 'serve', options: ALL });
    readOptions(ALL);
  });

  it('takes the defaults', () => {
    assert.deepEqual(readCommandLine([], {}), { kind: 'serve', options: { port: 4000 } });
    assert.deepEqual(readCommandLine(['run', 'a.yml', '--bot-url', ALL.botUrl], {}), {
      kind: 'run',
      options: { port: 4000, botUrl: ALL.botUrl, webhookPath: 'scenarios' },
      paths: ['a.yml'],
      junit: undefined,
      json: false,
    });
  });

  it('takes tokens from the environment, unless it is told others', () => {
    const env = { WEBEX_CONNECT_VERIFICATION_TOKEN: 'from env', WEBEX_CONNECT_ACCESS_TOKEN: 'from env too' };
    assert.deepEqual(readCommandLine(['--access-token', 'mine'], env), {
      kind: 'serve',
      options: { port: 4000, verificationToken: 'from env', accessToken: 'mine' },
    });
  });
});
