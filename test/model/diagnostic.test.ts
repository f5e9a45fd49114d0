import test from 'ava';
import fc from 'fast-check';
import {excerptOf, faultAt, InputError, SpecError} from '../../src/model/diagnostic.js';

const TEXT = 'web:\r\n  hosts: 1\n\n🐘: x';

const at = (offset: number) => {
  const fault = faultAt({file: 'hosts.yml', text: TEXT}, offset, 'm');
  return [fault.at?.line, fault.at?.column, fault.excerpt];
};

test('a fault has the line and the column of its offset, and its line without the break', (t) => {
  t.deepEqual(at(0), [1, 1, 'web:']);
  t.deepEqual(at(4), [1, 5, 'web:']);
  t.deepEqual(at(6), [2, 1, '  hosts: 1']);
  t.deepEqual(at(8), [2, 3, '  hosts: 1']);
  t.deepEqual(at(17), [3, 1, '']);
});

test('columns count in UTF-16 units, as offsets do', (t) => t.deepEqual(at(TEXT.indexOf(': x')), [4, 3, '🐘: x']));

test('an offset beyond the end is at the end', (t) => t.deepEqual(at(1000), [4, 6, '🐘: x']));

test('message, file and hint are what was given; without a hint there is none', (t) => {
  const source = {file: 'hosts.yml', text: 'a'};
  const place = {file: 'hosts.yml', line: 1, column: 1};
  t.deepEqual(faultAt(source, 0, 'No.', 'Yes.'), {message: 'No.', at: place, excerpt: 'a', hint: 'Yes.'});
  t.is(faultAt(source, 0, 'No.').hint, undefined);
});

test('lines count from one, and beyond the last there is none', (t) => {
  t.deepEqual(
    [0, 1, 2, 3].map((line) => excerptOf('a\nb\r\n', line)),
    [undefined, 'a', 'b', ''],
  );
  t.is(excerptOf('', 1), '');
  t.is(excerptOf('', 2), undefined);
});

test('the offset can be found again from line and column', (t) => {
  const text = fc.string({unit: fc.constantFrom('a', 'é', '🐘', '\n', '\r\n', ' ')});
  fc.assert(
    fc.property(text, fc.nat(), (each, number) => {
      const offset = number % (each.length + 1);
      const {at: place} = faultAt({file: 'f', text: each}, offset, 'm');
      const before = each.split('\n').slice(0, (place?.line ?? 1) - 1);
      t.is(before.reduce((sum, line) => sum + line.length + 1, 0) + (place?.column ?? 1) - 1, offset);
    }),
  );
});

test('an error of the input says all its messages, each in a line', (t) => {
  const error = new InputError([{message: 'One'}, {message: 'Two', hint: 'Do it.'}]);
  t.deepEqual([error.message, error.name], ['One\nTwo', 'InputError']);
  t.is(error.diagnostics.length, 2);
  t.is(new SpecError('No.').name, 'SpecError');
});
