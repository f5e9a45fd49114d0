import test from 'ava';
import fc from 'fast-check';
import {bytesOf, editLines, insertLines, lineMatcher, textOf} from '../../../src/tasks/shared/text-lines.js';

const contents = fc.oneof(
  fc.uint8Array({maxLength: 40}).map((bytes) => Buffer.from(bytes)),
  fc.string({unit: fc.constantFrom('a', '\n', '\r', 'ß', '😀')}).map((text) => Buffer.from(text)),
);

test('an edit that changes no line changes no byte, whatever the file holds', (t) => {
  fc.assert(fc.property(contents, (content) => t.true(editLines(content, (lines) => lines).equals(content))));
});

test('any text is bytes and again that text', (t) => {
  fc.assert(fc.property(fc.string({unit: 'grapheme'}), (text) => t.is(textOf(bytesOf(text)), text)));
  t.is(bytesOf('ß'), 'Ã\u009F', 'each character is one byte');
  t.is(textOf('\xff'), '\ufffd');
});

const CASES: readonly [string, string, readonly string[], string][] = [
  ['an empty file gets its first line', '', ['a'], 'a\n'],
  ['an empty file without lines stays empty', '', [], ''],
  ['all lines go', 'a\nb\n', [], ''],
  ['an unfinished last line that stays remains unfinished', 'a\nb', ['c', 'b'], 'c\nb'],
  ['a line after an unfinished one finishes both', 'a\nb', ['a', 'b', 'c'], 'a\nb\nc\n'],
  ['another last line is finished', 'a\nb', ['a', 'c'], 'a\nc\n'],
  ['an empty line is a line', '\n', ['', 'a'], '\na\n'],
];

for (const [title, before, lines, after] of CASES)
  test(title, (t) => t.is(String(editLines(Buffer.from(before), () => lines)), after));

test('the lines of a file have no line breaks, and there is none behind the last', (t) => {
  const linesOf = (text: string) => {
    let found: readonly string[] = [];
    editLines(Buffer.from(text), (lines) => {
      found = lines;
      return lines;
    });
    return found;
  };
  t.deepEqual(['', '\n', 'a', 'a\n', 'a\n\nb\r\n'].map(linesOf), [[], [''], ['a'], ['a'], ['a', '', 'b\r']]);
});

const LINES = ['# one', 'b', 'a', 'b', 'a'];

const PLACES: readonly [string, Parameters<typeof insertLines>[2], number][] = [
  ['nothing named: at the end', {}, 5],
  ['EOF: at the end', {insertAfter: 'EOF'}, 5],
  ['BOF: at the beginning', {insertBefore: 'BOF'}, 0],
  ['after the last that matches', {insertAfter: /^b$/}, 4],
  ['before the last that matches', {insertBefore: /^b$/}, 3],
  ['after the last that begins with a text', {insertAfter: '# o'}, 1],
  ['a text is not an expression', {insertAfter: '.'}, 5],
  ['before what is not there: at the end', {insertBefore: /^c/}, 5],
  ['after what is not there: at the end', {insertAfter: /^c/}, 5],
];

for (const [title, place, index] of PLACES)
  test(`the place of new lines, ${title}`, (t) => {
    t.deepEqual(insertLines(LINES, ['x', 'y'], place), [...LINES.slice(0, index), 'x', 'y', ...LINES.slice(index)]);
    t.is(LINES.length, 5, 'the given lines are left as they are');
  });

test('an expression that remembers its last match finds the same every time', (t) => {
  for (const flags of ['g', 'y', 'gy', '']) {
    const matches = lineMatcher(new RegExp('a', flags));
    t.deepEqual([matches('a'), matches('a'), matches('xa')], [true, true, true], flags);
  }
  t.deepEqual(['A', 'b'].map(lineMatcher(/a/i)), [true, false], 'other flags count');
});

test('patterns are about text, not about bytes', (t) => {
  t.true(lineMatcher(/^straße$/)(bytesOf('straße')));
  t.true(lineMatcher('grüß')(bytesOf('grüße')));
  t.true(lineMatcher(/^.$/u)(bytesOf('😀')));
});
