import assert from 'node:assert/strict';
import { SECRETS, WORDS } from './support/canaries';
import { lookThrough } from './support/columns';
import { Evidence, type Permission } from './support/evidence';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** How a secret may come to stand in a text. */
const LOOKS: readonly [look: string, text: string][] = [
  ['as it is', `token=${SECRETS.accessToken};`],
  ['in capitals', SECRETS.accessToken.toUpperCase()],
  ['in hexadecimal', Buffer.from(`x${SECRETS.accessToken}y`).toString('hex')],
  ['in base64', base64(`${SECRETS.accessToken}:rest`)],
  ['in base64, behind one byte', base64(`a${SECRETS.accessToken}:rest`)],
  ['in base64, behind a name', base64(`user-ab:${SECRETS.accessToken}:rest`)],
];

const PERMISSIONS: readonly [permission: Permission, leaks: number][] = [
  ['nothing', 2],
  ['words', 1],
  [['accessToken'], 1],
  [['accessToken', 'text'], 0],
];

describe('Evidence', () => {
  for (const [look, text] of LOOKS) {
    it(`shows a secret ${look}`, () => {
      const evidence = new Evidence();
      evidence.add('somewhere', text);
      assert.equal(evidence.leaks.length, 1);
    });
  }

  for (const [permission, leaks] of PERMISSIONS) {
    it(`finds ${leaks} where ${permission} may stand`, () => {
      const evidence = new Evidence();
      evidence.add('somewhere', `${SECRETS.accessToken} ${WORDS.text}`, permission);
      assert.equal(evidence.leaks.length, leaks);
    });
  }

  it('shows what is hidden anywhere in an error', () => {
    const errors = [
      new Error(WORDS.text),
      new Error('', { cause: new Error('', { cause: { said: WORDS.text } }) }),
      Object.assign(new Error(), { detail: WORDS.text }),
      Object.defineProperty(new Error(), 'hidden', { value: WORDS.text, enumerable: false }),
      new AggregateError([new Error(WORDS.text)]),
      WORDS.text,
      { config: { headers: { authorization: WORDS.text } } },
    ];
    for (const error of errors) {
      const evidence = new Evidence();
      evidence.addError('somewhere', error);
      assert.equal(evidence.leaks.length, 1, String(error));
    }
  });

  it('knows the columns for words, to the field, and those that are not used', () => {
    const evidence = new Evidence();
    const cells = [
      { column: 'inbox.payload', value: `{"Message":"${WORDS.text}"}` },
      { column: 'inbox.dedupe_key', value: WORDS.text },
      { column: 'outbox.last_error', value: `{"said":["${WORDS.reply}"]}` },
      { column: 'quarantine.item', value: JSON.stringify({ details: WORDS.error, reason: WORDS.error }) },
      { column: 'outbox.body', value: SECRETS.accessToken },
    ];
    const columns = {
      'inbox.payload': '',
      'outbox.body': '',
      'quarantine.item.details': '',
      'bot_state.item': '',
    };
    const unused = lookThrough(cells, columns, evidence);
    assert.deepEqual(
      evidence.leaks.map((leak) => leak.split(' in ')[0]),
      [
        'column inbox.dedupe_key: text',
        'column outbox.last_error.said: reply',
        'column quarantine.item.reason: error',
        'column outbox.body: accessToken',
      ],
    );
    assert.deepEqual(unused, ['bot_state.item']);
  });
});
