import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from '../../src/protocol/json';
import { decodeMedia, type MediaItem, type MediaLink, toMediaItem } from '../../src/protocol/media';
import { anyJson, anyText } from '../support/wireArbitraries';

const PNG = 'https://x.example/a.png';
const PLAIN = 'https://x.example/file';

function link(url: string, contentType: string, name?: string): MediaItem {
  return { kind: 'link', url, contentType, name };
}

function opaque(content: JsonValue): MediaItem {
  return { kind: 'opaque', content };
}

describe('decodeMedia', () => {
  const nothing: [string, JsonValue | undefined][] = [
    ['a missing field', undefined],
    ['null', null],
    ['an empty text, as the page prints it', ''],
    ['a blank text', '  '],
    ['an empty list', []],
    ['an empty object', {}],
    ['a list of nothing', [null, '', {}]],
    ['an empty list as text', '[]'],
    ['an empty object as text', ' {} '],
  ];
  for (const [name, value] of nothing) {
    it(`finds no media in ${name}`, () => assert.deepEqual(decodeMedia(value, 'TEXT'), []));
  }

  const found: [string, JsonValue, readonly MediaItem[]][] = [
    ['a URL', PNG, [link(PNG, 'image/png')]],
    ['a URL with blanks around it', ` ${PNG}\n`, [link(PNG, 'image/png')]],
    ['a URL in capitals', 'HTTPS://X.EXAMPLE/A.PDF', [link('HTTPS://X.EXAMPLE/A.PDF', 'application/pdf')]],
    ['a URL with a query', `${PNG}?size=1.mp4`, [link(`${PNG}?size=1.mp4`, 'image/png')]],
    ['a list of URLs', [PNG, PLAIN], [link(PNG, 'image/png'), link(PLAIN, 'application/octet-stream')]],
    ['a URL without TLS', 'http://x.example/a.png', [link('http://x.example/a.png', 'image/png')]],
    ['an object', { url: PNG }, [link(PNG, 'image/png')]],
    ...['fileUrl', 'content_url', 'mediaUrl', 'link', 'href', 'src'].map(
      (name): [string, JsonValue, readonly MediaItem[]] => [
        `an object with the URL as ${name}`,
        { [name]: PNG },
        [link(PNG, 'image/png')],
      ],
    ),
    ['a type as mediaType', { url: PLAIN, mediaType: 'audio/ogg' }, [link(PLAIN, 'audio/ogg')]],
    ['an object whose first URL is no text', { url: 17, href: PNG }, [link(PNG, 'image/png')]],
    [
      'an object with type and name',
      { Media_URL: PLAIN, 'Content-Type': 'audio/ogg', FileName: 'voice' },
      [link(PLAIN, 'audio/ogg', 'voice')],
    ],
    ['a type that outranks the extension', { url: PNG, mimeType: 'image/webp' }, [link(PNG, 'image/webp')]],
    ['a family as the type', { url: PLAIN, type: 'Video' }, [link(PLAIN, 'video/*')]],
    ['an unknown type', { url: PLAIN, type: 'sticker' }, [link(PLAIN, 'application/octet-stream')]],
    ['a name that is empty', { url: PNG, name: '', caption: 'Map' }, [link(PNG, 'image/png', 'Map')]],
    [
      'a list of objects',
      [{ href: PNG }, { src: PLAIN, title: 'x' }],
      [link(PNG, 'image/png'), link(PLAIN, 'application/octet-stream', 'x')],
    ],
    ['an object as JSON text', JSON.stringify({ link: PNG }), [link(PNG, 'image/png')]],
    [
      'a list as JSON text',
      ` ${JSON.stringify([PNG, { url: PLAIN }])} `,
      [link(PNG, 'image/png'), link(PLAIN, 'application/octet-stream')],
    ],
    ['a text that is no URL', 'MEDIA-17', [opaque('MEDIA-17')]],
    ['a text that only looks like JSON', '[not JSON', [opaque('[not JSON')]],
    ['a scheme other than http', 'javascript:alert(1)', [opaque('javascript:alert(1)')]],
    [
      'a script that names a URL',
      'javascript:open("https://x.example")',
      [opaque('javascript:open("https://x.example")')],
    ],
    ['a file URL in an object', { url: 'file:///etc/passwd' }, [opaque({ url: 'file:///etc/passwd' })]],
    ['a URL without a host', 'https://', [opaque('https://')]],
    ['an object without a URL', { id: 17 }, [opaque({ id: 17 })]],
    ['an object whose URL is no text', { url: 17 }, [opaque({ url: 17 })]],
    ['a number', 17, [opaque(17)]],
    ['a list within a list', [[PNG]], [opaque([PNG])]],
    ['long integers as JSON text', '{"id":12345678901234567890}', [opaque({ id: '12345678901234567890' })]],
  ];
  for (const [name, value, expected] of found) {
    it(`reads ${name}`, () => assert.deepEqual(decodeMedia(value, undefined), expected));
  }

  const hints: [string | undefined, string][] = [
    ['IMAGE', 'image/*'],
    ['audio', 'audio/*'],
    ['Video', 'video/*'],
    ['TEXT', 'application/octet-stream'],
    [undefined, 'application/octet-stream'],
  ];
  for (const [messageType, contentType] of hints) {
    it(`takes a URL that tells nothing for ${contentType} when MessageType is ${messageType}`, () => {
      assert.deepEqual(decodeMedia(PLAIN, messageType), [link(PLAIN, contentType)]);
      assert.deepEqual(decodeMedia(JSON.stringify([PLAIN]), messageType), [link(PLAIN, contentType)]);
      assert.deepEqual(decodeMedia({ url: PLAIN }, messageType), [link(PLAIN, contentType)]);
    });
  }

  it('reads at most 100 pieces', () => {
    assert.equal(decodeMedia(new Array<string>(1000).fill(PNG), undefined).length, 100);
  });

  it('keeps deep nesting in a text as the text, so that nothing that writes it runs out of stack', () => {
    const text = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    assert.deepEqual(decodeMedia(text, undefined), [opaque(text)]);
  });

  it('never throws, and gives every link a full content type and an http URL', () => {
    const urls = fc.webUrl({ withQueryParameters: true, withFragments: true });
    const objects = fc.dictionary(
      fc.constantFrom('url', 'type', 'name', 'src'),
      fc.oneof(urls, anyText, anyJson),
    );
    const values = fc.oneof(anyJson, anyText, urls, objects, fc.array(fc.oneof(urls, objects)), fc.json());
    fc.assert(
      fc.property(values, fc.option(fc.string(), { nil: undefined }), (value, messageType) => {
        for (const item of decodeMedia(value, messageType)) {
          if (item.kind === 'opaque') continue;
          assert.match(item.contentType, /\//);
          assert.match(new URL(item.url).protocol, /^https?:$/);
        }
      }),
    );
  });
});

describe('toMediaItem', () => {
  const cases: [string, MediaLink, MediaItem][] = [
    ['a URL', { url: PNG }, link(PNG, 'image/png')],
    ['a URL that tells nothing', { url: PLAIN }, link(PLAIN, 'video/*')],
    ['type and name', { url: PLAIN, contentType: 'audio/ogg', name: 'x' }, link(PLAIN, 'audio/ogg', 'x')],
    ['no URL', { url: 'M-7', name: 'x' }, opaque({ url: 'M-7', name: 'x' })],
  ];
  for (const [name, media, expected] of cases) {
    it(`makes an item of ${name}`, () => assert.deepEqual(toMediaItem(media, 'VIDEO'), expected));
  }
});
