import assert from 'node:assert/strict';
import { ssmlToText, xmlToText } from '../../../src/protocol/rendering/plainText';

describe('xmlToText', () => {
  const cases: [string, string, string][] = [
    ['tags', 'a <b>bold</b> <i class="x">word</i>', 'a bold word'],
    ['line breaks', 'one<br>two<BR/>three<p>four</p>five', 'one\ntwo\nthreefour\nfive'],
    ['comments and declarations', '<?xml version="1.0"?><!-- no -->yes', 'yes'],
    ['named entities', '&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos;', '<a> & "b" \'c\''],
    ['numbered entities', '&#65;&#x42;&#X1F600;', 'AB😀'],
    ['a space that does not break', 'a&nbsp;b', 'a\u00a0b'],
    ['the last character that there is', '&#x10ffff;', '\u{10ffff}'],
    ['an entity twice encoded, decoded once', '&amp;lt;', '&lt;'],
    [
      'unknown entities',
      '&nope; &#0; &#xD800; &#xDFFF; &#x110000; &',
      '&nope; &#0; &#xD800; &#xDFFF; &#x110000; &',
    ],
    ['a bare less-than sign', 'a < b and c > d', 'a < b and c > d'],
    ['a tag without an end', 'a <b', 'a <b'],
  ];
  for (const [name, xml, expected] of cases) {
    it(`handles ${name}`, () => assert.equal(xmlToText(xml), expected));
  }

  it('leaves hostile text as it is, without taking time out of proportion to it', () => {
    for (const unit of ['<', '<a', '<!', '&', '&a', '&#']) {
      const text = unit.repeat(100_000);
      assert.ok(xmlToText(text) === text, `${unit} was changed`);
    }
  });
});

describe('ssmlToText', () => {
  it('strips the markup and its layout', () => {
    const ssml = `<speak version="1.0" xml:lang="en-US">
      <p><s>Your order</s><s>is <emphasis>on</emphasis> its way.</s></p>
      Tom<break time="1s"/>&amp; Jerry
    </speak>`;
    assert.equal(ssmlToText(ssml), 'Your order is on its way. Tom & Jerry');
  });

  it('leaves plain text as it is', () => {
    assert.equal(ssmlToText('Hello there'), 'Hello there');
  });
});
