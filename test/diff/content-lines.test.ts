import test from 'ava';
import fc from 'fast-check';
import {HIDDEN, lineEnds, linesOf, withoutReturns} from '../../src/diff/content-lines.js';
import {Content, findSecrets, type SecretPart} from '../../src/model/index.js';
import {Secret} from '../../src/shell/index.js';

/** The lines as they are shown, with `…` for what is hidden. */
const shown = (content: Content | undefined, mask?: (text: string) => string) =>
  linesOf(content, mask).map((line) => line.shown.replaceAll(HIDDEN, '…'));

const text = (value: string) => Content.of(value);

test('a text has its lines, and the last one says whether it has a line break', (t) => {
  const brief = (value: string) => linesOf(text(value)).map(({text: line, ended}) => `${line}${ended ? '$' : ''}`);
  t.deepEqual(brief(''), []);
  t.deepEqual(brief('\n'), ['$']);
  t.deepEqual(brief('a'), ['a']);
  t.deepEqual(brief('a\n\nb'), ['a$', '$', 'b']);
  t.deepEqual(brief('a\nb\n'), ['a$', 'b$']);
});

test('what is not there, or not on this machine, has no lines', (t) => {
  t.deepEqual(linesOf(undefined), []);
  t.deepEqual(linesOf(new Content({sha256: 'ab', size: 9})), []);
});

test('joined, the lines are the text', (t) => {
  fc.assert(
    fc.property(fc.string({unit: fc.constantFrom('a', '\n', '\r', '\0', 'é')}), (value) => {
      const lines = linesOf(text(value));
      t.is(lines.map((line) => `${line.text}${line.ended ? '\n' : ''}`).join(''), value);
    }),
  );
});

test('a zero byte in a file is not taken for a hidden secret', (t) => {
  t.false(linesOf(text('a\0b')).some((line) => line.shown.includes(HIDDEN)));
});

test('of a sensitive content all is hidden, or its secrets alone where these are known', (t) => {
  t.deepEqual(shown(Content.of('user a\npass b\n', true)), ['…', '…']);
  const value = 'user a\npass hunter2 and hunter2!\n';
  const parts = findSecrets(value, [new Secret('hunter2'), new Secret('hunter2')]) ?? true;
  t.deepEqual(shown(Content.of(value, parts)), ['user a', 'pass … and …!']);
});

test('a secret of several lines hides its part of each, and nothing around it', (t) => {
  const parts: readonly SecretPart[] = [[2, 9]];
  t.deepEqual(shown(Content.of('a KEY\nKEY z\n', parts)), ['a …', '… z']);
});

test('what others may not see stays visible for the comparison alone', (t) => {
  const [line] = linesOf(Content.of('pass hunter2', [[5, 12]]));
  t.deepEqual([line?.visible, line?.shown], ['pass hunter2', `pass ${HIDDEN}`]);
});

test('secrets that are known are hidden before lines are compared; one over several lines hides them all', (t) => {
  const mask = (secret: string) => (value: string) => value.replaceAll(secret, '(sensitive)');
  t.deepEqual(shown(text('a hunter2 b\nc\n'), mask('hunter2')), ['a … b', 'c']);
  t.deepEqual(shown(text('one\ntwo\n\nthree\n'), mask('one\ntwo')), ['…', '…', '', '…']);
});

const ENDS: readonly (readonly [string, 'CRLF' | 'LF' | undefined])[] = [
  ['', 'LF'],
  ['a', 'LF'],
  ['a\r', 'LF'],
  ['a\nb\n', 'LF'],
  ['a\r\nb\r\n', 'CRLF'],
  ['a\r\nb', 'CRLF'],
  ['a\r\nb\n', undefined],
];

for (const [value, ends] of ENDS) {
  test(`${JSON.stringify(value)} ${ends === undefined ? 'has both kinds of line ends' : `has the line ends ${ends}`}`, (t) =>
    t.is(lineEnds(linesOf(text(value))), ends));
}

test('without carriage returns at their ends, lines are as if they had never had them', (t) => {
  t.deepEqual(withoutReturns(linesOf(text('a\r\nb\rc\r\n'))), linesOf(text('a\nb\rc\n')));
  const plain = linesOf(text('a\nb\n'));
  t.deepEqual(withoutReturns(plain), plain);
});
