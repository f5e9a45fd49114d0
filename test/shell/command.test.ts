import {spawnSync} from 'node:child_process';
import test from 'ava';
import fc from 'fast-check';
import {feed, quote, raw, Secret, sh} from '../../src/shell/index.js';

const text = fc.string({unit: 'binary', maxLength: 40}).filter((each) => !/[\0\p{Surrogate}]/u.test(each));
const awkward = fc
  .array(
    fc.constantFrom(
      "'",
      '"',
      '\\',
      '$x',
      '$(id)',
      '`id`',
      ' ',
      '\n',
      '\t',
      '-',
      '*',
      '!',
      '~',
      '',
      '#',
      ';',
      '&',
      'é',
      '%s',
    ),
  )
  .map((parts) => parts.join(''));

function printed(source: string): Buffer {
  return spawnSync('sh', ['-c', source]).stdout;
}

test('any text without NUL reaches a program through sh as it is', (t) => {
  fc.assert(
    fc.property(fc.array(fc.oneof(text, awkward), {minLength: 1, maxLength: 20}), (words) => {
      const expected = words.map((word) => `${word}\0`).join('');
      return printed(`printf '%s\\0' ${words.map(quote).join(' ')}`).equals(Buffer.from(expected));
    }),
    {numRuns: 100},
  );
  t.pass();
});

test('words of a template reach a program as they are, lists word by word', (t) => {
  fc.assert(
    fc.property(fc.oneof(text, awkward), fc.array(awkward, {maxLength: 3}), (word, list) => {
      const expected = ['>', word, ...list].map((each) => `${each}\0`).join('');
      return printed(sh`printf '%s\0' '>' ${new Secret(word)} ${list}`.reveal()).equals(Buffer.from(expected));
    }),
    {numRuns: 50},
  );
  t.pass();
});

test('any text reaches the standard input of a fed command', (t) => {
  fc.assert(
    fc.property(fc.oneof(text, awkward), (fed) => printed(feed(fed, raw('cat')).reveal()).equals(Buffer.from(fed))),
    {numRuns: 50},
  );
  t.pass();
});

test('a NUL is refused', (t) => {
  t.throws(() => quote('a\0b'), {instanceOf: TypeError});
});

test('a word that JavaScript left undefined, or made of something else, does not vanish', (t) => {
  const directory: unknown = undefined;
  const refused = [
    directory,
    null,
    false,
    Number.NaN,
    {},
    () => '',
    Symbol('x'),
    Promise.resolve('x'),
    ['a', directory],
  ];
  for (const word of refused) {
    t.throws(() => sh`rm -rf ${word as string}/cache`, {instanceOf: TypeError, message: /a word of sh`…` is text/});
  }
  t.throws(() => (sh as (text: unknown) => unknown)('echo hi'), {instanceOf: TypeError, message: /backquotes/});
});

test('a secret is masked wherever a command is shown', (t) => {
  const command = sh`mysql -p ${new Secret('hunter2')} ${[new Secret('hunter3'), 'x']}`;
  t.is(`${command}`, 'mysql -p (sensitive) (sensitive) x');
  t.notRegex(JSON.stringify({command}), /hunter/);
  t.regex(command.reveal(), /hunter2 hunter3/);
});
