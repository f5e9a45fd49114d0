import test from 'ava';
import fc from 'fast-check';
import {openYaml, type Yaml} from '../../src/inventory/yaml.js';

const open = (text: string, tags?: readonly string[]) => openYaml({file: '/project/hosts.yml', text}, tags);

const faultsOf = (yaml: Yaml) =>
  yaml.faults().map(({at, message, hint}) => `${at?.line}:${at?.column} ${message}${hint ? ` | ${hint}` : ''}`);

/** The entries at the top with their values. */
const read = (yaml: Yaml) => yaml.entries(yaml.root, 'the file').map((entry) => [entry.key, yaml.value(entry)]);

test('entries come in the order of the file, with the offsets of key and value', (t) => {
  const yaml = open('b: 1\na:\nc: null\n');
  const entries = yaml.entries(yaml.root, 'the file').map(({key, keyAt, valueAt, node}) => {
    return [key, keyAt, valueAt, node !== undefined];
  });
  t.deepEqual(entries, [
    ['b', 0, 3, true],
    ['a', 5, 5, false],
    ['c', 8, 8, false],
  ]);
  t.deepEqual(yaml.position(8), {file: '/project/hosts.yml', line: 3, column: 1});
});

test('an empty file has no entries and no faults', (t) => {
  for (const text of ['', '\n', '# nothing\n', '---\n', '~']) {
    const yaml = open(text);
    t.deepEqual([read(yaml), faultsOf(yaml)], [[], []], JSON.stringify(text));
  }
});

test('names that no object could have are names like all others', (t) => {
  t.deepEqual(read(open('__proto__: 1\nconstructor: 2\n')), [
    ['__proto__', 1],
    ['constructor', 2],
  ]);
});

test('of several merged mappings the first wins, and what is written wins over both, wherever it stands', (t) => {
  const text = 'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {z: 3, <<: [*a, *b]}\n';
  const yaml = open(text);
  const [, , c] = yaml.entries(yaml.root, 'the file');
  const entries = c ? yaml.entries(c, 'c').map((entry) => [entry.key, yaml.value(entry)]) : [];
  t.deepEqual(Object.fromEntries(entries), {x: 1, y: 1, z: 3});
});

test('a merged entry has the place where it is written', (t) => {
  const yaml = open('a: &a {x: 1}\nb: {<<: *a}\n');
  const [, b] = yaml.entries(yaml.root, 'the file');
  const [x] = b ? yaml.entries(b, 'b') : [];
  t.deepEqual(yaml.position(x?.keyAt ?? 0), {file: '/project/hosts.yml', line: 1, column: 8});
});

const WRONG: readonly (readonly [string, string])[] = [
  ['[a]', '1:1 the file must be a mapping, not a list | Write each as "name:" instead of "- name".'],
  ['word', '1:1 the file must be a mapping, not the text "word"'],
  ['4.50', '1:1 the file must be a mapping, not the number "4.50"'],
  ['true', '1:1 the file must be a mapping, not the boolean "true"'],
  ['1: x', '1:1 a name in the file must be text | Put it in quotes.'],
  ['? [a]\n: x', '1:3 a name in the file must be text | Put it in quotes.'],
  ['a: 1\n<<: 2', '2:5 what "<<" merges must be a mapping, not the number "2"'],
];

for (const [text, fault] of WRONG) {
  test(`${JSON.stringify(text)} is refused, and what else it has is read`, (t) => {
    const yaml = open(text);
    const entries = read(yaml);
    t.deepEqual(faultsOf(yaml), [fault]);
    t.deepEqual(entries, text.startsWith('a: 1') ? [['a', 1]] : []);
  });
}

const SYNTAX: readonly (readonly [string, string])[] = [
  ['a: "x\n', 'a quotation mark above this line is not closed | Close it.'],
  ["a: 'x\n", 'a quotation mark above this line is not closed | Close it.'],
  ['a: [1, 2\n', 'a "[" above this line is not closed | Close it with "]".'],
  ['a: x: y\n', 'this line has a second ": " | Put text that has one in quotes.'],
  ['a: @x\n', 'plain text cannot begin with this character | Put it in quotes.'],
  ['a: 1\n---\nb: 2\n', 'a second document starts here | Keep one document in a file.'],
  ['a: 1\na: 2\n', 'one mapping has this key twice | Join the two, or remove one.'],
];

for (const [text, fault] of SYNTAX) {
  test(`of ${JSON.stringify(text)} it is said that ${fault.replace(/ \|.*/, '')}`, (t) => {
    t.deepEqual(
      faultsOf(open(text)).map((each) => each.replace(/^\S+ /, '')),
      [fault],
    );
  });
}

test('faults are in the order of the file, and those behind the first syntax fault are left out', (t) => {
  const yaml = open('a: 1\nb: [1\nc: 2\n');
  const before = yaml.faults().length;
  yaml.report(0, 'first');
  yaml.report(14, 'behind the fault');
  t.deepEqual(
    yaml.faults().map(({message}) => message),
    [
      'first',
      ...open('a: 1\nb: [1\nc: 2\n')
        .faults()
        .map(({message}) => message),
    ],
  );
  t.is(before, yaml.faults().length - 1);
});

test('a key that stands twice does not hide the faults behind it', (t) => {
  const yaml = open('a: 1\na: 2\nb: 3\n');
  yaml.report(10, 'wrong too');
  t.deepEqual(faultsOf(yaml), ['2:1 one mapping has this key twice | Join the two, or remove one.', '3:1 wrong too']);
});

test('a value with a known tag is read as text, with another one it is refused', (t) => {
  t.deepEqual(read(open('a: !secret 12\n', ['!secret'])), [['a', '12']]);
  t.is(faultsOf(open('a: !secret 12\n')).length, 1);
});

test('aliases are followed as often as they stand, without limit', (t) => {
  const yaml = open(`a: &a {x: [1, 2]}\nmany: [${Array.from({length: 300}, () => '*a').join(', ')}]\n`);
  const [, many] = read(yaml);
  t.deepEqual(
    many?.[1],
    Array.from({length: 300}, () => ({x: [1, 2]})),
  );
  t.deepEqual(faultsOf(yaml), []);
});

test('whatever a text holds, it is opened, read and its faults have places within it', (t) => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '\n',
    ' ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '"',
    '&a ',
    '*a',
    '<<: ',
    '? ',
    '\t',
    '|',
  );
  fc.assert(
    fc.property(fc.array(piece, {maxLength: 20}), (pieces) => {
      const text = pieces.join('');
      const yaml = open(text);
      read(yaml);
      const lines = text.split('\n').length;
      t.true(yaml.faults().every(({at}) => at !== undefined && at.line >= 1 && at.line <= lines));
    }),
  );
});
