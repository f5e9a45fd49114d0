import test from 'ava';
import {Content} from '../../src/model/index.js';
import {paintFor} from '../../src/renderers/color.js';
import {renderContent, renderSensitiveContent} from '../../src/renderers/content.js';

type Bytes = string | Uint8Array | undefined;

const content = (bytes: Bytes) => (bytes === undefined ? undefined : Content.of(bytes));

const diff = (before: Bytes, after: Bytes) => {
  return renderContent('content', '/etc/f', content(before), content(after), paintFor(false)).join('\n');
};

test('a new file is shown in full', (t) => {
  t.is(diff(undefined, 'a\nb\n'), '--- /dev/null\n+++ /etc/f\n@@ -0,0 +1,2 @@\n+a\n+b\n');
});

test('a file that goes is shown in full', (t) => {
  t.is(diff('a\n', undefined), '--- /etc/f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n');
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

test('control characters of a file reach no terminal', (t) => {
  t.regex(diff('', '\u001b]0;title\u0007\tx\n'), /\+␛\]0;title␇\tx\n/);
});

test('binary content is told by size and digest', (t) => {
  const shown = diff(Buffer.from([0, 1]), Buffer.from([0xff, 0xfe, 0x41]));
  t.regex(shown, /^content: 2 B → 3 B, binary\nsha256: {2}[0-9a-f]{16} → [0-9a-f]{16}$/);
});

test('large content, and content that stayed on its host, are told by size and digest', (t) => {
  t.regex(diff(undefined, 'x'.repeat(65537)), /^content: 64\.0 KiB, over 64 KiB\nsha256: {2}[0-9a-f]{16}$/);
  const away = new Content({sha256: 'ab'.repeat(32), size: 10});
  const shown = renderContent('content', '/etc/f', away, Content.of('x'), paintFor(false));
  t.is(shown[0], 'content: 10 B → 1 B, content not read');
});

test('contents with nothing in common are told by size and digest', (t) => {
  const lines = (word: string) => Array.from({length: 3000}, (_, index) => `${word}${index}\n`).join('');
  t.regex(diff(lines('a'), lines('b')), /^content: 16\.5 KiB → 16\.5 KiB, too different to compare\n/);
});

test('an empty new file is said to be empty', (t) => {
  t.is(diff(undefined, ''), 'content: empty');
});

test('of a sensitive content only the number of lines is told', (t) => {
  const sensitive = (before: Bytes, after: Bytes) => renderSensitiveContent('content', content(before), content(after));
  t.is(sensitive('a\nb\nc\n', 'a\nhunter2\nc\n'), 'content: (sensitive, 3 lines, 1 changed)');
  t.is(sensitive(undefined, 'hunter2'), 'content: (sensitive, 1 line)');
  t.is(sensitive(Buffer.from([0]), 'hunter2'), 'content: (sensitive) changes');
});
