import assert from 'node:assert/strict';
import { createEmulator } from '../src';
import { resolveTranscriptUrl } from '../src/transcriptUrl';

const BOT = 'https://bot.example:8443/api/webex-connect';

describe('The URL of the bot’s transcripts', () => {
  const RESOLVED: readonly (readonly [
    template: string,
    botUrl: string | undefined,
    url: string | undefined,
  ])[] = [
    ['/talks/{conversationId}.txt', BOT, 'https://bot.example:8443/talks/{conversationId}.txt'],
    ['talks/{conversationId}', BOT, 'https://bot.example:8443/api/talks/{conversationId}'],
    ['?of={conversationId}', BOT, 'https://bot.example:8443/api/webex-connect?of={conversationId}'],
    ['http://other.example/{conversationId}', undefined, 'http://other.example/{conversationId}'],
    ['/talks/{conversationId}', undefined, undefined],
    // The page links to it.
    ['javascript:alert("{conversationId}")', BOT, undefined],
  ];
  for (const [template, botUrl, url] of RESOLVED) {
    it(`is ${url ?? 'not known'} for ${template} of ${botUrl ?? 'no bot'}`, () => {
      assert.equal(resolveTranscriptUrl(template, botUrl), url);
    });
  }

  it('is none without a template', () => {
    assert.equal(resolveTranscriptUrl(undefined, BOT), undefined);
  });

  it('follows the bot', async () => {
    const emulator = await createEmulator({ transcriptUrl: '/talks/{conversationId}' });
    assert.equal(emulator.world().integration.transcriptUrl, undefined);
    emulator.integration.edit({ botUrl: BOT });
    assert.equal(
      emulator.world().integration.transcriptUrl,
      'https://bot.example:8443/talks/{conversationId}',
    );
    await emulator.stop();
  });
});
