import assert from 'node:assert/strict';
import { EmulatorServer } from '../../src/server/emulatorServer';
import { FakeEmulator } from '../support/fakeEmulator';

describe('The page', () => {
  let server: EmulatorServer;
  let base: string;

  before(async () => {
    const receive = async () => ({ status: 200, headers: {}, body: '' });
    server = new EmulatorServer({ emulator: new FakeEmulator(), receive, webhookPath: '/hooks/x' });
    base = `http://127.0.0.1:${await server.listen(0)}`;
  });

  after(() => server.close());

  it('is served at the root, to be framed by nobody', async () => {
    const page = await fetch(base);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<!doctype html>/i);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
    assert.equal(page.headers.get('cache-control'), 'no-cache');
  });

  for (const name of ['preact.module.js', 'hooks.module.js', 'htm.module.js']) {
    it(`comes with ${name}, as a module`, async () => {
      const library = await fetch(`${base}/vendor/${name}`);
      assert.equal(library.status, 200);
      assert.match(library.headers.get('content-type') ?? '', /^text\/javascript/);
      assert.match(await library.text(), /export/);
    });
  }

  it('is all there is', async () => {
    for (const path of ['/nothing', '/..%2fpackage.json', '/vendor/express.js', '/%E0%A4%A']) {
      const answer = await fetch(base + path);
      assert.ok([400, 404].includes(answer.status), `${path} is answered ${answer.status}`);
      assert.match(await answer.text(), /^\{"error":"/, `${path} says what is wrong`);
    }
  });
});

describe('A port that is taken', () => {
  it('is named, with the way out', async () => {
    const parts = {
      emulator: new FakeEmulator(),
      receive: async () => ({ status: 200, headers: {}, body: '' }),
      webhookPath: '/hooks/x',
    };
    const first = new EmulatorServer(parts);
    const second = new EmulatorServer(parts);
    const port = await first.listen(0);
    await assert.rejects(second.listen(port), {
      name: 'PortTakenError',
      code: 'EADDRINUSE',
      message: new RegExp(`^Port ${port} is taken\\. Choose another with --port`),
    });
    await second.close();
    await first.close();
  });
});
