import test from 'ava';
import {accountFault} from '../../../src/tasks/shared/checks.js';

test('names of users and groups are those that useradd takes', (t) => {
  for (const name of ['a', 'www-data', '_apt', 'machine$', '9lives', 'Anna.B', 'x'.repeat(31)])
    t.is(accountFault(name), undefined, name);
  for (const name of ['', '-x', '.x', '123', 'a b', 'a:b', 'ä', 'a$b', 'a\n', '\na', 'x'.repeat(33)])
    t.is(accountFault(name), `"${name}" is not an account name`);
});

test('a number is one that the kernel can give', (t) => {
  for (const id of [0, 1, 65_534, 2 ** 32 - 2]) t.is(accountFault('a', id), undefined);
  for (const id of [-1, 1.5, Number.NaN, 2 ** 32 - 1, Number.POSITIVE_INFINITY])
    t.is(accountFault('a', id), `${id} is not an account number`);
});
