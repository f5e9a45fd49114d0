import test from 'ava';
import fc from 'fast-check';
import {Content, findSecrets, hideLines} from '../../src/model/index.js';
import {Secret} from '../../src/shell/index.js';
import {renderAttribute} from '../renderers/as-text.js';

/** A content that holds these secrets, each printed once. */
function secret(text: string, ...secrets: string[]): Content {
  return Content.of(
    text,
    findSecrets(
      text,
      secrets.map((clear) => new Secret(clear)),
    ) ?? true,
  );
}

/** What a host answered where a secret is desired: the place of the old one is unknown. */
const old = (text: string) => Content.of(text, true);

function lines(before: Content | undefined, after: Content | undefined, color = false): string[] {
  const change = {name: 'content', before, after, sensitive: true};
  return renderAttribute(change, {action: 'update', id: '/f', width: 80}, color);
}

const diff = (before: Content, after: Content) => lines(before, after).slice(3, -1);

test('around a secret that changes the file can be read', (t) => {
  t.deepEqual(
    diff(
      old('user = app\npassword = hunter1\nport = 3306\n'),
      secret('user = app\npassword = hunter2\nport = 3307\n', 'hunter2'),
    ),
    [' user = app', '-password = (sensitive)', '-port = 3306', '+password = (sensitive)', '+port = 3307'],
  );
});

test('a secret that stays is hidden where it stands', (t) => {
  t.deepEqual(diff(old('password = hunter2\nport = 1\n'), secret('password = hunter2\nport = 2\n', 'hunter2')), [
    ' password = (sensitive)',
    '-port = 1',
    '+port = 2',
  ]);
});

test('a secret within a line hides no more than itself, before as after', (t) => {
  t.deepEqual(diff(old('u = a://app:hunter1@db/x\n'), secret('u = a://app:hunter2@db/x\n', 'hunter2')), [
    '-u = a://app:(sensitive)@db/x',
    '+u = a://app:(sensitive)@db/x',
  ]);
});

test('old lines that nothing replaces, or something else, are hidden unless they stand in the new content', (t) => {
  t.deepEqual(
    diff(old('password = hunter1\n}\nx\n'), secret('}\ntoken = hunter2\n}\n', 'hunter2')).sort(),
    [' }', '+token = (sensitive)', '+}', '-(sensitive)', '-(sensitive)'].sort(),
  );
  t.deepEqual(diff(old('a = plain\n'), secret('a = other\nb = hunter2\n', 'hunter2')), [
    '-a = (sensitive)',
    '+a = other',
    '+b = (sensitive)',
  ]);
  t.deepEqual(diff(old('pin = 1234\n'), secret('pin = 5678\nb = hunter2\n', 'hunter2'))[0], '-pin = (sensitive)');
});

test('a secret of several lines hides each of them', (t) => {
  const key = 'BEGIN\nabcd\n\nEND';
  t.deepEqual(lines(undefined, secret(`# key\nkey="${key}"\n`, key)), [
    'content: 5 lines',
    '+# key',
    '+key="(sensitive)',
    '+(sensitive)',
    '+(sensitive)',
    '+(sensitive)"',
    '',
  ]);
});

test('lines that come from the host alone are left out around those that differ', (t) => {
  const [before, after] = ['a:hunter1\nb:hunter2\nc\n', 'a:hunter1\nb:hunter2\nnew\nc\n'];
  const parts = hideLines(after, (line) => line !== 'new');
  t.deepEqual(lines(old(before), Content.of(after, parts)).slice(2), ['@@ -2,0 +3,1 @@', '+new', '']);
});

test('where secrets stand nobody knows, only the number of lines is reported', (t) => {
  t.deepEqual(lines(old('hunter1'), Content.of('hunter2', true)), ['content: (sensitive, 1 line, 1 changed)']);
  t.deepEqual(lines(old('a\nb\n'), undefined), ['content: (sensitive, 2 lines)']);
});

test('an old content that others may not read hides its own lines and digest, not those of the new one', (t) => {
  t.deepEqual(diff(old('a = 1\nb = hunter1\n'), Content.of('a = 1\nb = public\n')), [
    ' a = 1',
    '-b = (sensitive)',
    '+b = public',
  ]);
  const [size, digest] = lines(Content.of(Buffer.from([0]), true), Content.of('x'));
  t.is(size, 'content: (sensitive) → 1 B, binary');
  t.regex(digest ?? '', /^sha256: {2}\(sensitive\) → [0-9a-f]{16}$/);
});

const word = fc.constantFrom('user', 'port', 'a', '=', ':', ' ', '  ', '"', '{', '\t', 'x.y', '/', '80', 'on');
const clear = fc.array(word, {maxLength: 5}).map((words) => words.join(''));
/** No number: an old one is shown where a number takes its place. */
const hidden = fc.string({unit: 'grapheme', minLength: 4, maxLength: 12}).filter((text) => Number.isNaN(Number(text)));

/** A place for a secret in a line, or a line without one. */
const slot = fc.record({head: clear, tail: clear, which: fc.option(fc.nat(2), {freq: 2})});

const page = fc.array(slot, {maxLength: 8});

type Slots = readonly {head: string; tail: string; which: number | null}[];

function print(slots: Slots, secrets: readonly string[], end: string): {text: string; printed: string[]} {
  const value = ({which}: Slots[number]) => (which === null ? '' : (secrets[which] ?? ''));
  const text = slots.map((each) => `${each.head}${value(each)}${each.tail}${end}`).join('');
  return {text, printed: slots.map(value).filter((each) => each !== '')};
}

const trio = fc.tuple(hidden, hidden, hidden);

test('no secret, old or new, is ever shown, whatever else the contents hold', (t) => {
  const inputs = fc.record({
    common: page,
    before: page,
    after: page,
    was: trio,
    is: trio,
    ends: fc.tuple(fc.constantFrom('\n', '\r\n'), fc.constantFrom('\n', '\r\n')),
    color: fc.boolean(),
  });
  const hides = fc.property(inputs, ({common, before, after, was, is, ends, color}) => {
    const previous = print([...common, ...before], was, ends[0]);
    const next = print([...after, ...common, {head: '', tail: '', which: 0}], is, ends[1]);
    const open = print([...common, ...before, ...after], ['\0', '\0', '\0'], '\n').text;
    const secrets = [...previous.printed, ...next.printed].filter((each) => !`${CHROME}${open}`.includes(each));
    const shown = lines(Content.of(previous.text, true), secret(next.text, ...next.printed), color).join('\n');
    const plain = shown.replaceAll(/\u001b\[\d+m/g, '');
    return secrets.every((each) => !plain.includes(each));
  });
  t.notThrows(() => fc.assert(hides, {numRuns: 2000}));
});

/** What a diff holds besides the lines of the contents. */
const CHROME =
  'content: (sensitive, 1 lines, changed)\n--- /f\n+++ /f\n@@ -1,2 +3,4 @@line ends: CRLF → LF on all 2 lines';
