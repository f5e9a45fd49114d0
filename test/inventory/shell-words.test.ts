import test from 'ava';
import fc from 'fast-check';
import {shellWords} from '../../src/inventory/shell-words.js';

const texts = (line: string) => shellWords(line).map(({text}) => text);

const LINES: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  [' \t ', []],
  ['# a comment', []],
  ['web1 a=1', ['web1', 'a=1']],
  ['\tweb1  \t a=1  ', ['web1', 'a=1']],
  ['web1 # the first', ['web1']],
  ['web1#1', ['web1#1']],
  ['a="x y" b=\'# no comment\'', ['a=x y', 'b=# no comment']],
  ['a="say \\"hi\\" and \\\\"', ['a=say "hi" and \\']],
  ['a="\\n"', ['a=\\n']],
  ["a='\\'", ['a=\\']],
  ['a=x\\ y', ['a=x y']],
  ['\\#x', ['#x']],
  ['a="x"\'y\'z', ['a=xyz']],
  ['""', ['']],
  ["a='' b", ['a=', 'b']],
  ['größe="ä ö" 🐘', ['größe=ä ö', '🐘']],
];

for (const [line, words] of LINES) {
  test(`${JSON.stringify(line)} has ${words.length === 1 ? 'one word' : `${words.length} words`}`, (t) =>
    t.deepEqual(texts(line), words));
}

for (const line of ['a="x', "a='x", 'a="x\\"', "it's", 'a=x\\']) {
  test(`${JSON.stringify(line)} is refused, because it ends within a quotation`, (t) =>
    void t.throws(() => shellWords(line), {instanceOf: RangeError, message: 'a quote is not closed'}));
}

test('a word knows the column where it begins, with its quote', (t) => {
  t.deepEqual(shellWords('  web1 "a b"  c'), [
    {text: 'web1', at: 2},
    {text: 'a b', at: 7},
    {text: 'c', at: 14},
  ]);
});

test('any words in single quotes come back as they are', (t) => {
  const word = fc.string({unit: 'binary'}).filter((each) => !each.includes("'"));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      t.deepEqual(texts(words.map((each) => `'${each}'`).join(' ')), words);
    }),
  );
});
