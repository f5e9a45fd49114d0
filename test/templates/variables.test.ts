import test from 'ava';
import {InputError} from '../../src/model/index.js';
import {Secret} from '../../src/shell/index.js';
import {bareNames, PrintError, print} from '../../src/templates/variables.js';

test('names that JavaScript can write are bare, the others are reached through vars', (t) => {
  const vars = {port: 1, $x: 1, _y: 1, großes: 1, 'my-name': 1, '9a': 1, class: 1, default: 1, undefined: 1, of: 1};
  t.deepEqual(bareNames(vars, 'a.ejs'), ['port', '$x', '_y', 'of']);
});

test('a word of the language is not a bare name', (t) => {
  const words =
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof var void while with yield';
  t.deepEqual(bareNames(Object.fromEntries(words.split(' ').map((word) => [word, 1])), 'a.ejs'), []);
  const others = ['async', 'get', 'set', 'of', 'type', 'as', 'from', 'a1'];
  t.deepEqual(bareNames(Object.fromEntries(others.map((word) => [word, 1])), 'a.ejs'), others);
});

test('names that mean something in a template are refused, all of them', (t) => {
  const taken = ['vars', 'include', 'escapeFn', 'rethrow', 'arguments', 'eval', '__output'];
  const error = t.throws(() => bareNames({...Object.fromEntries(taken.map((name) => [name, 1])), port: 1}, 'a.ejs'), {
    instanceOf: InputError,
  });
  t.deepEqual(
    error?.diagnostics.map(({message}) => message),
    taken.map((name) => `template a.ejs: a variable must not be named "${name}"`),
  );
});

const secrets: Secret[] = [];
const printed = (value: unknown) => print(value, (secret) => secrets.push(secret));

test('texts, numbers and lists of them are printed as they are', (t) => {
  t.deepEqual(['a', '', 0, -1.5, true, false, 10n].map(printed), ['a', '', '0', '-1.5', 'true', 'false', '10']);
  t.is(printed(['a', 1, ['b', 2]]), 'a,1,b,2');
  t.is(printed([]), '');
  t.is(printed({toString: () => 'itself'}), 'itself');
});

test('a secret is printed in clear and reported, in a list too', (t) => {
  const [one, two] = [new Secret('s1'), new Secret('s2')];
  t.is(printed(one), 's1');
  t.is(printed(['x', two]), 'x,s2');
  t.deepEqual(secrets, [one, two]);
});

const NONSENSE: readonly [unknown, string][] = [
  [undefined, 'is undefined'],
  [null, 'is null'],
  [() => 1, 'is a function'],
  [Number.NaN, 'is not a number (NaN)'],
  [{a: 1}, 'is an object; print its parts'],
  [['a', undefined], 'is undefined'],
  [[{}], 'is an object; print its parts'],
  [`password=${new Secret('x')}`, 'holds a secret joined to other text; print the secret in a tag of its own'],
];

for (const [index, [value, message]] of NONSENSE.entries())
  test(`what would print as nonsense is an error: ${message} (${index})`, (t) => {
    t.throws(() => printed(value), {instanceOf: PrintError, message});
  });
