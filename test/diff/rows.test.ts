import test from 'ava';
import fc from 'fast-check';
import {diffLines} from '../../src/diff/compare.js';
import {type ContentLine, HIDDEN, linesOf} from '../../src/diff/content-lines.js';
import {pairLines, rowsOf, rowsOfHunk} from '../../src/diff/rows.js';
import {Content, type DiffRow} from '../../src/model/index.js';

const lines = (text: string) => linesOf(Content.of(text));

/** Lines whose secrets, written `‹…›`, are hidden. */
const hiding = (text: string): readonly ContentLine[] =>
  lines(text).map((line) => ({...line, shown: line.shown.replaceAll(/‹[^›]*›/g, HIDDEN)}));

/** Rows of all lines of two texts, as one hunk. */
function rowsBetween(
  before: string,
  after: string,
  read: (text: string) => readonly ContentLine[] = lines,
  masked = false,
) {
  const steps = diffLines(before.split('\n').slice(0, -1), after.split('\n').slice(0, -1)) ?? [];
  return rowsOfHunk(steps, {before: read(before), after: read(after), masked});
}

/** `-a [b] c`: what changed in brackets, what is masked in braces. */
const written = (rows: readonly DiffRow[]) =>
  rows.map(({sign, pieces, unended}) => {
    const text = pieces.map((piece) => {
      const shown = piece.masked ? `{${piece.text}}` : piece.text;
      return piece.changed ? `[${shown}]` : shown;
    });
    return `${sign}${text.join('')}${unended ? '⏎' : ''}`;
  });

test('equal lines stand as they are, and a line that changed is shown before and after', (t) => {
  t.deepEqual(written(rowsBetween('a\nport = 80 tcp\nc\n', 'a\nport = 443 tcp\nc\n')), [
    ' a',
    '-port = [80] tcp',
    '+port = [443] tcp',
    ' c',
  ]);
});

test('all removed lines of a place come before all added ones, and each place has its own', (t) => {
  t.deepEqual(written(rowsBetween('a 1\nb 1\nkeep\nc 1\n', 'a 2\nb 2\nkeep\nc 2\n')), [
    ...['-a [1]', '-b [1]', '+a [2]', '+b [2]', ' keep'],
    ...['-c [1]', '+c [2]'],
  ]);
});

test('a line that is added or removed alone has no words marked', (t) => {
  t.deepEqual(written(rowsBetween('a\n', 'a\nb c\n')), [' a', '+b c']);
  t.deepEqual(written(rowsBetween('a\nb c\n', 'a\n')), [' a', '-b c']);
});

test('lines that have nothing in common have no words marked', (t) => {
  t.deepEqual(written(rowsBetween('alpha\n', 'omega\n')), ['-alpha', '+omega']);
});

test('blanks at the end of a line that differs are shown as signs, those of an equal line are not', (t) => {
  t.deepEqual(written(rowsBetween('same \nx\n', 'same \nx \t\n')), [' same ', '-x', '+x[␠␉]']);
  t.deepEqual(written(rowsOf('+', lines('a \n'))), ['+a␠']);
  t.deepEqual(written(rowsOf('-', lines('a  \r\n'))), ['-a␠␠␍']);
});

test('a last line without its line break is said to be so, on its side alone', (t) => {
  t.deepEqual(written(rowsOf('+', lines('a\nb'))), ['+a', '+b⏎']);
  t.deepEqual(written(rowsOf('-', lines('a\n'))), ['-a']);
  t.deepEqual(rowsOf('+', []), []);
});

test('a secret is a piece of its own, at every place where it stands', (t) => {
  t.deepEqual(written(rowsOf('+', hiding('key=‹k›;‹k›\n'))), ['+key={(sensitive)};{(sensitive)}']);
  t.deepEqual(written(rowsOf('+', hiding('‹k›\n'))), ['+{(sensitive)}']);
});

const HIDES: readonly (readonly [string, string, string])[] = [
  // What is around the secret in the new line can be shown.
  ['password = old\n', 'password = ‹new›\n', '-password = {(sensitive)}'],
  // Numbers and switches that others replace.
  ['port = 80\n', 'port = 443\nkey = ‹new›\n', '-port = 80'],
  ['timeout 30s;\n', 'timeout 60s;\nkey = ‹new›\n', '-timeout 30s;'],
  ['debug on\n', 'debug off\nkey = ‹new›\n', '-debug on'],
  // … unless a word of the line suggests a secret.
  ['pin = 1234\n', 'pin = 4321\nkey = ‹new›\n', '-pin = {(sensitive)}'],
  ['auth on\n', 'auth off\nkey = ‹new›\n', '-auth {(sensitive)}'],
  // A word could be the secret.
  ['user = alice\n', 'user = bob\nkey = ‹new›\n', '-user = {(sensitive)}'],
  // Nothing in common with the new line.
  ['x\n', 'y\n‹new›\n', '-{(sensitive)}'],
  // Nothing but blanks.
  ['   \n', '‹new›\n', '-␠␠␠'],
  ['  token old\n', '  token ‹new›\n', '-  token {(sensitive)}'],
];

for (const [before, after, row] of HIDES) {
  test(`of a content that holds secrets, ${JSON.stringify(before)} before ${JSON.stringify(after)} shows ${row}`, (t) => {
    const removed = written(rowsBetween(before, after, hiding, true)).filter((each) => each.startsWith('-'));
    t.deepEqual(
      removed.map((each) => each.replaceAll(/[[\]]/g, '')),
      [row],
    );
  });
}

test('an old line is shown in full where the new content shows the same line elsewhere', (t) => {
  const rows = written(rowsBetween('moved here\nb\n', 'b\nmoved here\nkey ‹new›\n', hiding, true));
  t.true(rows.includes('-moved here') || rows.includes('+moved here'), rows.join());
  t.false(
    rows.some((row) => row.startsWith('-') && row.includes('(sensitive)')),
    rows.join(),
  );
});

const PAIRS: readonly (readonly [string, readonly string[], readonly string[], readonly (number | undefined)[]])[] = [
  ['nothing', [], ['a'], []],
  ['one line and one line, however different', ['a'], ['z'], [0]],
  ['one line and none', ['a'], [], [undefined]],
  ['lines in their order', ['a = 1', 'b = 1'], ['a = 2', 'b = 2'], [0, 1]],
  ['a line and the second of two', ['listen 80'], ['server_name x', 'listen 443'], [1]],
  ['lines without anything in common', ['one', 'two'], ['three', 'four'], [undefined, undefined]],
  ['a line that came before both', ['port 1', 'host a'], ['new', 'port 2', 'host b'], [1, 2]],
  ['lines that changed places: the order is kept', ['aaaa 1', 'bbbbbbbb 1'], ['bbbbbbbb 2', 'aaaa 2'], [undefined, 0]],
];

for (const [what, removed, added, pairs] of PAIRS) {
  test(`pairs are found for ${what}`, (t) => t.deepEqual(pairLines(removed, added), pairs));
}

test('of more lines than a reader can compare, none are paired', (t) => {
  const many = (count: number, end: string) => Array.from({length: count}, (_, index) => `line ${index} ${end}`);
  t.deepEqual(pairLines(many(50, 'a'), many(50, 'b')), [...many(50, '').keys()]);
  t.true(pairLines(many(50, 'a'), many(51, 'b')).every((each) => each === undefined));
});

test('pairs go upwards, and no added line is the partner of two', (t) => {
  const text = fc.array(fc.constantFrom('a b c', 'a b d', 'x b c', 'x y', 'q', ''), {maxLength: 8});
  fc.assert(
    fc.property(text, text, (removed, added) => {
      const pairs = pairLines(removed, added);
      const found = pairs.flatMap((each) => each ?? []);
      t.is(pairs.length, removed.length);
      t.true(found.every((each, index) => each < added.length && (index === 0 || each > (found[index - 1] ?? -1))));
    }),
  );
});

test('joined, the pieces of the rows are the lines of both texts', (t) => {
  const text = fc
    .array(fc.constantFrom('a b c', 'a b d', 'port 80', 'port 443', 'q', '  indented', ''), {maxLength: 8})
    .map((all) => all.map((line) => `${line}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const rows = rowsBetween(before, after);
      const side = (sign: string) =>
        rows
          .filter((row) => row.sign === ' ' || row.sign === sign)
          .map(({pieces}) => `${pieces.map((piece) => piece.text).join('')}\n`)
          .join('')
          .replaceAll('␠', ' ');
      t.deepEqual([side('-'), side('+')], [before, after]);
    }),
  );
});
