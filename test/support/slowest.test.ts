import test from 'ava';
import {parseFiles, parseTests, renderSlowest} from './slowest.js';

const OUTPUT = `
  ✔ hosts › lab › one (1m 2.5s)
  ✘ [fail]: hosts › lab › two (300ms)
  ✔ model › glob › (a) is short
    ℹ 22 requests lost

  3 tests passed
`;

test('tests and their times stand in the output of ava, short ones without a time', (t) => {
  t.deepEqual(parseTests(OUTPUT), [
    {title: 'hosts › lab › one', seconds: 62.5},
    {title: 'hosts › lab › two', seconds: 0.3},
    {title: 'model › glob › (a) is short', seconds: 0},
  ]);
});

test('a file took what all its lines say', (t) => {
  const times = `70.5 file:///infra/build/test/hosts/lab.test.js
-4.5 file:///infra/build/test/hosts/lab.test.js
0.2 file:///infra/build/test/model/glob.test.js
`;
  t.deepEqual(parseFiles(times), [
    {title: 'hosts › lab', seconds: 66},
    {title: 'model › glob', seconds: 0.2},
  ]);
});

test('the slowest come first, ten of each, and files say what their hooks took', (t) => {
  const many = Array.from({length: 12}, (_, index) => ({title: `more › ${index}`, seconds: index / 10}));
  const text = renderSlowest([...many, {title: 'hosts › lab', seconds: 66}], parseTests(OUTPUT));
  const lines = text.split('\n');
  t.is(lines.length, 1 + 10 + 1 + 3 + 1);
  t.is(lines[1], '    66.0 s  hosts › lab (3.2 s outside its tests)');
  t.is(lines[12], '    62.5 s  hosts › lab › one');
});

test('files are known by the end of their titles too, and those whose tests are not are left as they are', (t) => {
  const tests = [{title: 'lab › one', seconds: 2}];
  const files = [
    {title: 'hosts › lab', seconds: 5},
    {title: 'model › glob', seconds: 4},
  ];
  const [, lab, glob] = renderSlowest(files, tests).split('\n');
  t.is(lab, '     5.0 s  hosts › lab (3.0 s outside its tests)');
  t.is(glob, '     4.0 s  model › glob');
});
