import test from 'ava';
import fc from 'fast-check';
import {plainForm} from '../../src/secrets/plain-form.js';

const FORMS: readonly (readonly [what: string, text: string, plain: string])[] = [
  ['a plain text', 'pässwörd 日本', 'pässwörd 日本'],
  ['nothing', '', ''],
  ['quotes of a shell', `'it'\\''s'`, 'its'],
  ['octal bytes in UTF-8', String.raw`caf\303\251`, 'café'],
  ['octal bytes in Latin-1', String.raw`caf\351`, 'café'],
  ['hexadecimal bytes', String.raw`\x68\xC3\xA9`, 'hé'],
  ['a UTF-16 unit of JSON', String.raw`\u0041\u00e9`, 'Aé'],
  ['a pair of UTF-16 units', String.raw`\ud83d\ude00`, '😀'],
  ['a code point', String.raw`\u{1F600}`, '😀'],
  ['a code point that does not exist', String.raw`a\u{110000}b`, 'ab'],
  ['letters for line ends and tabs', String.raw`a\nb\tc\rd`, 'a b c d'],
  ['bytes of a URL', 'a%2Fb%C3%A9', 'a/bé'],
  ['a form in a URL', 'a+b%20c', 'a b c'],
  ['a URL within a URL', '%2525', '%'],
  ['a URL within more URLs than there are passes', `%${'25'.repeat(20)}41`, 'A'],
  ['HTML within more HTML than there are passes', `&${'amp;'.repeat(20)}lt;`, '<'],
  ['the longest entities', '&#1114111;&#x10ffff;&#12345678;', '\u{10ffff}\u{10ffff}&#12345678;'],
  ['entities of HTML', '&lt;a&#62;&#x26;&amp;amp;&quot;&apos;', '<a>&&'],
  ['visible text', 'a<U+0007>b', 'a\u0007b'],
  ['control pictures', 'a␛b␡', 'a\u001bb\u007f'],
  ['JSON in JSON', JSON.stringify(JSON.stringify('é"x\n')), 'éx '],
  ['runs of blanks', 'a \t\n++ b', 'a b'],
];

for (const [what, text, plain] of FORMS) {
  test(`the plain form of ${what} is without its quoting`, (t) => {
    t.is(plainForm(text).text, plain);
  });
}

test('every character knows where it begins and ends in the text, escapes as a whole', (t) => {
  const {text, starts, ends} = plainForm(String.raw`x'\u00e9'%41`);
  t.is(text, 'xéA');
  t.deepEqual(starts, [0, 2, 9]);
  t.deepEqual(ends, [1, 8, 12]);
});

test('a character that was escaped twice spans both escapes', (t) => {
  const {text, starts, ends} = plainForm('a&#37;41b');
  t.deepEqual([text, starts, ends], ['aAb', [0, 1, 8], [1, 8, 9]]);
});

/** Texts that are rich in what the form decodes. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('\\', "'", '"', '%', '&', ';', '+', ' ', '\\x', '%4', '1', 'u{', '}', '&#', '\\n'),
      fc.string(),
    ),
  )
  .map((parts) => parts.join(''));

test('whatever the text, places are in order, within it, and one for each character', (t) => {
  fc.assert(
    fc.property(hostile, (whole) => {
      const {text, starts, ends} = plainForm(whole);
      return (
        starts.length === text.length &&
        ends.length === text.length &&
        starts.every((start, at) => start >= 0 && start < (ends[at] ?? 0) && (ends[at] ?? 0) <= whole.length) &&
        starts.every((start, at) => start >= (starts[at - 1] ?? 0))
      );
    }),
  );
  t.pass();
});

const WORD = /^[a-z0-9äé日]+$/;

const WRITINGS: readonly (readonly [how: string, write: (text: string) => string])[] = [
  ['JSON', JSON.stringify],
  ['JSON in JSON', (text) => JSON.stringify(JSON.stringify({text})).slice(8)],
  ['a URL', encodeURIComponent],
  ['shell quotes', (text) => `'${text.replaceAll("'", `'\\''`)}'`],
  ['bytes in octal', (text) => [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')],
  ['entities', (text) => [...text].map((each) => `&#${each.codePointAt(0)};`).join('')],
];

for (const [how, write] of WRITINGS) {
  test(`a word written as ${how} is found in its plain form`, (t) => {
    fc.assert(fc.property(fc.stringMatching(WORD), (word) => plainForm(`x ${write(word)} y`).text.includes(word)));
    t.pass();
  });
}
