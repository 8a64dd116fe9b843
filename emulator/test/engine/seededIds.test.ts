import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SeededIds } from '../../src/engine/seededIds';

describe('SeededIds', () => {
  it('gives the same for the same seed, and something else for another', () => {
    const draw = (seed: number) => {
      const ids = new SeededIds(seed);
      const conversation = ids.botConversation('FB', 'Ada', 1);
      return [
        conversation,
        ids.agentConversation(conversation, 1),
        ids.message(conversation, 'bot'),
        ids.draw('x'),
      ];
    };
    assert.deepEqual(draw(1), draw(1));
    for (const [index, value] of draw(1).entries()) assert.notEqual(value, draw(2)[index]);
  });

  it('gives IDs that look like those of the reference', () => {
    const ids = new SeededIds(1);
    assert.match(ids.botConversation('FB', 'u', 1), /^CONV-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.match(ids.message('c', 'bot'), /^MSG-[0-9a-f]{16}$/);
  });

  it('gives each message, channel, user and agent conversation its own', () => {
    const ids = new SeededIds(1);
    const all = [
      ids.message('a', 'bot'),
      ids.message('a', 'bot'),
      ids.message('a', 'customer'),
      ids.message('b', 'bot'),
      ids.botConversation('FB', 'u', 1),
      ids.botConversation('FB', 'u', 2),
      ids.botConversation('SMS', 'u', 1),
      ids.botConversation('FB', 'v', 1),
      ids.agentConversation('a', 1),
      ids.agentConversation('a', 2),
      ids.agentConversation('b', 1),
    ];
    assert.equal(new Set(all).size, all.length);
    assert.equal(ids.botConversation('FB', 'u', 1), all[4]);
  });

  it('knows what users are called on a channel', () => {
    const ids = new SeededIds(1);
    assert.match(ids.userId('SMS', 'Ada'), /^\+\d{10}$/);
    assert.match(ids.userId('FB', 'Ada'), /^\d{10}$/);
    assert.equal(ids.userId('EMAIL', 'Ada Lovelace'), 'ada.lovelace@example.com');
  });

  it('has an address of its own for each name', () => {
    const names = [
      'Ada',
      'ada',
      'ADA',
      'Ada L',
      'Ada.L',
      'Ada-L',
      'ada l',
      'Ädä',
      'Ödö',
      '李',
      '王',
      '',
      ' ',
    ];
    const ids = new SeededIds(1);
    const addresses = names.map((name) => ids.userId('EMAIL', name));
    assert.equal(new Set(addresses).size, names.length, addresses.join());
    for (const address of addresses) assert.match(address, /^[a-z0-9]+([.][a-z0-9]+)*@example\.com$/);
  });

  it('draws numbers from 0 to below 1', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), (seed, what) => {
        const drawn = new SeededIds(seed).draw(what);
        assert.ok(drawn >= 0 && drawn < 1, `${drawn}`);
      }),
    );
  });
});
