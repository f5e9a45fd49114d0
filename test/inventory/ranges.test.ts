import test from 'ava';
import fc from 'fast-check';
import {expandRanges} from '../../src/inventory/ranges.js';

const NAMES: readonly (readonly [string, readonly string[]])[] = [
  ['web1', ['web1']],
  ['', ['']],
  ['web[1:3].example.com', ['web1.example.com', 'web2.example.com', 'web3.example.com']],
  ['web[:2]', ['web0', 'web1', 'web2']],
  ['web[0:0]', ['web0']],
  ['web[9:11]', ['web9', 'web10', 'web11']],
  ['db[098:101]', ['db098', 'db099', 'db100', 'db101']],
  ['web[1:6:2]', ['web1', 'web3', 'web5']],
  ['web[1:2:9]', ['web1']],
  ['rack[A:C]', ['rackA', 'rackB', 'rackC']],
  ['[a:b]-[1:2]', ['a-1', 'a-2', 'b-1', 'b-2']],
];

for (const [name, names] of NAMES) {
  test(`"${name}" stands for ${names.length === 1 ? 'one name' : `${names.length} names`}`, (t) =>
    t.deepEqual(expandRanges(name), names));
}

const FAULTS: readonly (readonly [string, string])[] = [
  ['web[1:3', 'the range has no closing "]"'],
  ['web[]', 'a range is written [first:last]'],
  ['web[1]', 'a range is written [first:last]'],
  ['web[1:]', 'a range is written [first:last]'],
  ['web[1:2:3:4]', 'a range is written [first:last]'],
  ['web[1:9:0]', 'the step "0" of the range must be 1 or more'],
  ['web[1:9:-1]', 'the step "-1" of the range must be 1 or more'],
  ['web[1:9:]', 'the step "" of the range must be 1 or more'],
  ['web[a:3]', 'a range goes from number to number or from letter to letter'],
  ['web[a:C]', 'a range goes from number to number or from letter to letter'],
  ['web[aa:cc]', 'a range goes from number to number or from letter to letter'],
  ['web[é:ü]', 'a range goes from number to number or from letter to letter'],
  ['web[3:1]', 'the range ends before it starts'],
  ['web[c:a]', 'the range ends before it starts'],
  ['web[01:100]', '"01" and "100" differ in length'],
  ['web[1:10001]', 'the range stands for more than 10000 names'],
  ['web[1:101]-[1:100]', 'the range stands for more than 10000 names'],
  ['web[1:2][3:1]', 'the range ends before it starts'],
];

for (const [name, message] of FAULTS) {
  test(`"${name}" is refused: ${message}`, (t) =>
    void t.throws(() => expandRanges(name), {instanceOf: RangeError, message}));
}

test('as many names as the limit allows are made, from one range or from several', (t) => {
  t.is(expandRanges('web[1:10000]').length, 10_000);
  t.is(expandRanges('web[1:100]-[1:100]').length, 10_000);
});

test('a range has both of its ends, each name once, and every name as many steps from the one before', (t) => {
  const range = fc.tuple(fc.nat(500), fc.nat(500), fc.integer({min: 1, max: 7}));
  fc.assert(
    fc.property(range, ([first, more, step]) => {
      const names = expandRanges(`w[${first}:${first + more * step}:${step}]`);
      const numbers = names.map((name) => Number(name.slice(1)));
      t.is(numbers.length, more + 1);
      t.deepEqual([numbers[0], numbers.at(-1)], [first, first + more * step]);
      t.true(numbers.every((each, index) => index === 0 || each - (numbers[index - 1] ?? 0) === step));
    }),
  );
});
