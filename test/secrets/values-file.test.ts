import test from 'ava';
import fc from 'fast-check';
import {editValues, parseValues} from '../../src/secrets/values-file.js';
import {faultsOf} from './project.js';

const FILE = '/p/secrets/passwords.age.yaml';

/** What an armored age file looks like. */
const armored = (body: string) => `-----BEGIN AGE ENCRYPTED FILE-----\n${body}\n-----END AGE ENCRYPTED FILE-----`;

const [ONE, TWO] = [armored('YWdl\nb25l='), armored('dHdv')];

const valuesOf = (text: string) =>
  Object.fromEntries([...parseValues(text, FILE)].map(([name, value]) => [name, value.armored]));

test('the first value of a new file comes below a line that says how it is changed', (t) => {
  t.is(
    editValues('', FILE, new Map([['a/b', ONE]])),
    `# Each value is an age file, encrypted for recipients.txt next to this file. Change them with: infra secrets

a/b: |
  -----BEGIN AGE ENCRYPTED FILE-----
  YWdl
  b25l=
  -----END AGE ENCRYPTED FILE-----
`,
  );
});

test('values are found by name with the position of the name, in their order', (t) => {
  const text = `# head\n\n${editValues('', FILE, new Map([['z', ONE]]))}"a.b": |\n  ${TWO.replaceAll('\n', '\n  ')}\n`;
  t.deepEqual(
    [...parseValues(text, FILE)],
    [
      ['z', {armored: ONE, at: {file: FILE, line: 5, column: 1}}],
      ['a.b', {armored: TWO, at: {file: FILE, line: 10, column: 1}}],
    ],
  );
});

test('a file that is empty, or has only comments, has no values', (t) => {
  t.deepEqual([valuesOf(''), valuesOf('# none yet\n'), valuesOf('{}\n')], [{}, {}, {}]);
});

test('a value is replaced where it stands, and removed without its neighbours', (t) => {
  const text = editValues(
    '# mine\n',
    FILE,
    new Map([
      ['a', ONE],
      ['b', ONE],
      ['c', ONE],
    ]),
  );
  const replaced = editValues(text, FILE, new Map([['b', TWO]]));
  t.deepEqual(Object.entries(valuesOf(replaced)), [
    ['a', ONE],
    ['b', TWO],
    ['c', ONE],
  ]);
  const removed = editValues(
    replaced,
    FILE,
    new Map([
      ['a', undefined],
      ['absent', undefined],
    ]),
  );
  t.deepEqual(Object.entries(valuesOf(removed)), [
    ['b', TWO],
    ['c', ONE],
  ]);
  t.true(removed.startsWith('# mine\n'));
});

test('whatever names are added, they are found again, and an empty edit changes nothing', (t) => {
  const name = fc.stringMatching(/^[A-Za-z0-9]+([/_.-][A-Za-z0-9]+)?$/);
  fc.assert(
    fc.property(fc.uniqueArray(name, {minLength: 1, maxLength: 5}), (names) => {
      const text = editValues('', FILE, new Map(names.map((each) => [each, ONE])));
      t.deepEqual([...parseValues(text, FILE).keys()], names);
      t.is(editValues(text, FILE, new Map()), text);
    }),
    {numRuns: 40},
  );
});

const FIX = 'Fix the file by hand, or restore it from version control: it is not overwritten.';

const FAULTS: readonly (readonly [text: string, message: string, line: number, hint: string])[] = [
  ['- a\n', 'this is not a map of names and encrypted values', 1, FIX],
  ['words\n', 'this is not a map of names and encrypted values', 1, FIX],
  [`x: |\n  ${ONE.replaceAll('\n', '\n  ')}\na: "\n`, 'this line is not YAML', 7, FIX],
  ['a:\n\t- b\n', 'a tab where YAML needs spaces', 2, FIX],
];

for (const [text, message, line, hint] of FAULTS) {
  test(`a damaged file is refused at its line: ${JSON.stringify(text.slice(-12))}`, async (t) => {
    const [fault] = await faultsOf(t, () => parseValues(text, FILE));
    t.deepEqual([fault?.message, fault?.at?.line, fault?.hint, fault?.excerpt], [message, line, hint, undefined]);
    await faultsOf(t, () => editValues(text, FILE, new Map([['new', ONE]])));
  });
}

const CLEAR: readonly string[] = [
  'hunter22',
  '42',
  '[hunter22]',
  `|\n  ${ONE.replaceAll('\n', '\n  ')}\n  hunter22`,
  '""',
  '',
];

for (const value of CLEAR) {
  test(`a value that is not one armored file is not accepted, nor repeated: ${JSON.stringify(value.slice(-12))}`, async (t) => {
    const faults = await faultsOf(t, () =>
      parseValues(`ok: |\n  ${TWO.replaceAll('\n', '\n  ')}\nbad: ${value}\n`, FILE),
    );
    t.deepEqual(faults, [
      {
        message: 'the value of "bad" is not encrypted',
        at: {file: FILE, line: 5, column: 1},
        hint: 'Remove the line, then: infra secrets set bad. If it was a value in clear, choose another one.',
      },
    ]);
  });
}

test('a name that is not a text needs quotes, and all faults of a file are reported at once', async (t) => {
  const faults = await faultsOf(t, () => parseValues('12: a\nb: c\ntrue: d\n', FILE));
  t.deepEqual(
    faults.map(({message, at, hint}) => `${at?.line} ${message}. ${hint?.slice(0, 17)}`),
    [
      '1 this name is not a text. Put it in quotes.',
      '2 the value of "b" is not encrypted. Remove the line, ',
      '3 this name is not a text. Put it in quotes.',
    ],
  );
});
