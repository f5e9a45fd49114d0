import test from 'ava';
import {diffCheck} from '../../src/diff/check.js';
import {cutDiff} from '../../src/diff/index.js';
import {dataOf} from '../plans/live.js';
import {richPlan} from '../plans/rich.js';

const diffs = dataOf(richPlan()).hosts.flatMap(({tasks}) =>
  tasks.flatMap(({verdict}) => (verdict.type === 'change' ? verdict.diff : [])),
);

test('a diff from a file is the diff that was written', (t) => {
  const cut = diffs.map((diff) => cutDiff(diff, 30).diff);
  for (const diff of [...diffs, ...cut]) t.deepEqual(diffCheck.parse(JSON.parse(JSON.stringify(diff))), diff);
});

test('what is not a diff is refused, and what is not known of one is passed over', (t) => {
  const row = {sign: '+', pieces: [{text: 'x'}]};
  const lines = {name: 'a', kind: 'lines', count: 1, crlf: false, rows: [row]};
  t.true(diffCheck.safeParse(lines).success);
  t.deepEqual(diffCheck.parse({...lines, more: 1}), diffCheck.parse(lines));
  for (const bad of [
    ...[{}, {...lines, name: 4}, {...lines, kind: 'other'}, {...lines, rows: ['+x']}, {...lines, crlf: undefined}],
    {...lines, rows: [{...row, sign: '*'}]},
    {...lines, rows: [{...row, pieces: [{text: 1}]}]},
    {name: 'a', kind: 'cut', left: 1, kept: {kind: 'other'}},
    {name: 'mode', before: undefined, after: undefined, sensitive: false, shown: ['mode: 1 → 2']},
  ])
    t.false(diffCheck.safeParse(bad).success, JSON.stringify(bad));
});
