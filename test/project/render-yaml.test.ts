import test from 'ava';
import fc from 'fast-check';
import {parse} from 'yaml';
import {Flow, renderYaml} from '../../src/project/render-yaml.js';

test('keys keep their order, a comment comes above its key after an empty line, and a flow takes one line', (t) => {
  const entries = new Map<string, unknown>([
    [
      'servers',
      [
        new Flow(
          new Map([
            ['name', 'lb1'],
            ['address', '192.0.2.1'],
          ]),
        ),
        new Flow([]),
      ],
    ],
    ['user', 'deploy'],
    [
      '2',
      new Map([
        ['b', null],
        ['a', true],
      ]),
    ],
  ]);
  const text = renderYaml(entries, 'first line\n\nsecond line', {user: 'Who logs in.\nAnd how.', servers: 'All.'});
  t.is(
    text,
    `# first line

# second line

# All.
servers:
  - {name: lb1, address: 192.0.2.1}
  - []

# Who logs in.
# And how.
user: deploy
"2":
  b:
  a: true
`,
  );
});

test('comments for keys that the file does not have are left out', (t) => {
  t.is(renderYaml(new Map([['a', 1]]), 'head', {b: 'not here'}), '# head\n\na: 1\n');
});

test('long values are not folded', (t) => {
  const long = 'word '.repeat(60).trim();
  t.is(renderYaml(new Map([['a', long]]), 'head'), `# head\n\na: ${long}\n`);
});

test('whatever the values are, parsing the text gives them back', (t) => {
  const leaf = fc.oneof(fc.string({unit: 'binary'}), fc.integer(), fc.boolean());
  const value = fc.oneof(leaf, fc.constant(null), fc.array(leaf, {maxLength: 4}));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value, {maxKeys: 5}), fc.boolean(), (record, onOneLine) => {
      const entries = Object.entries(record).map(([key, each]) => {
        return [key, onOneLine && Array.isArray(each) ? new Flow(each) : each] as const;
      });
      const text = renderYaml(new Map(entries), 'head', Object.fromEntries(entries.map(([key]) => [key, 'about it'])));
      const parsed: unknown = parse(text);
      t.deepEqual(Object.entries(parsed ?? {}).sort(), Object.entries(record).sort());
    }),
    {numRuns: 60},
  );
});
