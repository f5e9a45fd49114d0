import test from 'ava';
import fc from 'fast-check';
import {diffLines} from '../../src/diff/compare.js';
import {Content} from '../../src/model/index.js';
import {renderContent, renderSensitiveContent} from '../renderers/as-text.js';

type Bytes = string | Uint8Array | undefined;

const content = (bytes: Bytes) => (bytes === undefined ? undefined : Content.of(bytes));

const diff = (before: Bytes, after: Bytes) => {
  return renderContent('content', '/etc/f', content(before), content(after)).join('\n');
};

test('a new file is shown in full', (t) => {
  t.is(diff(undefined, 'a\nb\n'), 'content: 2 lines\n+a\n+b\n');
});

test('a file that goes is shown in full, unless it is long', (t) => {
  t.is(diff('a\n', undefined), 'content: 1 line\n-a\n');
  t.regex(diff('a\n'.repeat(101), undefined), /^content: 202 B, 101 lines\nsha256: {2}[0-9a-f]{16}$/);
});

test('a missing line break at the end is said', (t) => {
  t.is(diff('a\n', 'a'), '--- /etc/f\n+++ /etc/f\n@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n');
  t.is(diff('', 'a'), '--- /etc/f\n+++ /etc/f\n@@ -0,0 +1,1 @@\n+a\n\\ No newline at end of file\n');
});

test('carriage returns and blanks at the end of a line can be seen', (t) => {
  t.regex(diff('a\n', 'a\r\n'), /-a\n\+a␍\n/);
  t.regex(diff('a\nb\n', 'a \nb\t\n'), /\+a␠\n\+b␉\n/);
  t.regex(diff('a b\n', 'a\u00a0b\n'), /-a b\n\+a<U\+00A0>b\n/);
});

test('where blanks alone differ in a line they can be seen', (t) => {
  t.regex(diff('\ta = 1\n', '  a = 1\n'), /-␉a = 1\n\+␠␠a = 1\n/);
  t.regex(diff('\ta = 1\n', '\ta = 2\n'), /-\ta = 1\n\+\ta = 2\n/);
});

test('other line ends throughout a file are said once, and compared no further', (t) => {
  t.is(diff('a\r\nb\r\n', 'a\nb\n'), 'line ends: CRLF → LF on all 2 lines');
  t.is(
    diff('a\nb\n', 'a\r\nc\r\n'),
    'line ends: LF → CRLF on all 2 lines\n--- /etc/f\n+++ /etc/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n',
  );
  t.regex(diff('a\r\nb\r\n', 'a\r\nb\n'), /-b␍\n\+b\n/);
  t.is(diff(undefined, 'a\r\nb\r\n'), 'content: 2 lines, ending with CRLF\n+a\n+b\n');
});

test('differences far from each other stand in hunks of their own, with three lines around them', (t) => {
  const lines = Array.from({length: 20}, (_, index) => `${index + 1}\n`);
  const shown = diff(lines.join(''), lines.with(1, 'two\n').with(18, 'x\ny\n').join(''));
  t.deepEqual(shown.match(/^@@.*/gm), ['@@ -1,5 +1,5 @@', '@@ -16,5 +16,6 @@']);
});

test('a comparison of any two texts tells both of them', (t) => {
  const line = fc.constantFrom('a', 'b', 'a b', 'b c', '');
  const text = fc.array(line).map((lines) => lines.join('\n'));
  const keys = (whole: string) => whole.split('\n');
  const told = fc.property(text, text, (before, after) => {
    const steps = diffLines(keys(before), keys(after)) ?? [];
    const side = (sign: string, of: 'before' | 'after', whole: string) =>
      steps
        .filter((step) => step.sign !== sign)
        .map((step) => keys(whole)[step[of]])
        .join('\n');
    return side('+', 'before', before) === before && side('-', 'after', after) === after;
  });
  t.notThrows(() => fc.assert(told));
});

test('control characters of a file reach no terminal', (t) => {
  t.regex(diff('', '\u001b]0;title\u0007\tx\n'), /\+␛\]0;title␇\tx\n/);
});

test('binary content is reported by size and digest', (t) => {
  const shown = diff(Buffer.from([0, 1]), Buffer.from([0xff, 0xfe, 0x41]));
  t.regex(shown, /^content: 2 B → 3 B, binary\nsha256: {2}[0-9a-f]{16} → [0-9a-f]{16}$/);
});

test('large content, and content that stayed on its host, are reported by size and digest', (t) => {
  t.regex(diff(undefined, 'x'.repeat(65537)), /^content: 64\.0 KiB, over 64 KiB\nsha256: {2}[0-9a-f]{16}$/);
  const away = new Content({sha256: 'ab'.repeat(32), size: 10});
  const shown = renderContent('content', '/etc/f', away, Content.of('x'));
  t.is(shown[0], 'content: 10 B → 1 B, content not read');
});

test('contents with nothing in common are reported by size and digest', (t) => {
  const lines = (word: string) => Array.from({length: 3000}, (_, index) => `${word}${index}\n`).join('');
  t.regex(diff(lines('a'), lines('b')), /^content: 16\.5 KiB → 16\.5 KiB, too different to compare\n/);
});

test('an empty new file is said to be empty', (t) => {
  t.is(diff(undefined, ''), 'content: empty');
});

test('of a sensitive content only the number of lines is reported', (t) => {
  const sensitive = (before: Bytes, after: Bytes) => renderSensitiveContent('content', content(before), content(after));
  t.is(sensitive('a\nb\nc\n', 'a\nhunter2\nc\n'), 'content: (sensitive, 3 lines, 1 changed)');
  t.is(sensitive(undefined, 'hunter2'), 'content: (sensitive, 1 line)');
  t.is(sensitive(Buffer.from([0]), 'hunter2'), 'content: (sensitive) changes');
});
