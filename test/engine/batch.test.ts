import test from 'ava';
import {nextBatch} from '../../src/engine/batch.js';
import type {Entry} from '../../src/engine/host-run.js';
import type {Verdict} from '../../src/model/index.js';
import {sh} from '../../src/shell/index.js';

const GUARD = {name: 'x', seconds: 5, keep: sh`true`, restore: sh`true`, activate: sh`true`};

const VERDICTS: Readonly<Record<string, Verdict>> = {
  '=': {type: 'unchanged'},
  c: {type: 'change', action: 'update', diff: [], commands: []},
  C: {type: 'change', action: 'update', diff: [], commands: []},
  g: {type: 'change', action: 'update', diff: [], commands: [], guard: GUARD},
  '?': {type: 'unknown', because: 'not there yet'},
};

/** One letter an entry: `=` unchanged, `c` change, `C` change that may affect others, `g` guarded change, `?` unknown. */
function entries(letters: string): Entry[] {
  return [...letters].map((letter, index) => {
    const verdict = VERDICTS[letter] ?? {type: 'unchanged'};
    const open = {
      task: {
        type: letter,
        id: String(index),
        notify: [],
        subject: undefined,
        affectsOthers: letter === 'C',
        always: false,
        at: undefined,
        open: () => question,
      },
      question,
    };
    return {open, planned: verdict, verdict};
  });
}

const question = {probe: sh`true`, judge: (): Verdict => ({type: 'unchanged'})};

const ids = (list: readonly Entry[]) => list.map(({open}) => open.task.id).join('');

const batchOf = (letters: string) => {
  const {changes, rest} = nextBatch(entries(letters));
  return [ids(changes), ids(rest)];
};

test('changes that affect no other task go together', (t) => {
  t.deepEqual(batchOf('c=cc='), ['023', '']);
});

test('after a change that may affect others, everything behind it is asked again', (t) => {
  t.deepEqual(batchOf('c=C=c'), ['02', '34']);
});

test('nothing is changed past a task that is not known yet', (t) => {
  t.deepEqual(batchOf('c?Cc'), ['0', '123']);
});

test('a change that may lock out is made alone', (t) => {
  t.deepEqual(batchOf('cg=c'), ['0', '123']);
  t.deepEqual(batchOf('=gcg'), ['1', '23']);
});

test('an unknown task at the front is asked again by itself', (t) => {
  t.deepEqual(batchOf('?c'), ['', '01']);
});

test('two changes of one file never share a script', (t) => {
  const three = entries('ccc').map((entry, index) => ({
    ...entry,
    open: {...entry.open, task: {...entry.open.task, subject: index === 1 ? '/other' : '/etc/hosts'}},
  }));
  const {changes, rest} = nextBatch(three);
  t.deepEqual([ids(changes), ids(rest)], ['01', '2']);
});

test('no entries make an empty batch', (t) => {
  t.deepEqual(batchOf(''), ['', '']);
});

const withTask = (entry: Entry, more: Partial<Entry['open']['task']>): Entry => {
  return {...entry, open: {...entry.open, task: {...entry.open.task, ...more}}};
};

test('changes on different hosts never share a script', (t) => {
  const four = entries('cccc').map((entry, index) => withTask(entry, index % 3 === 0 ? {} : {delegateTo: 'lb1'}));
  t.is(ids(nextBatch(four).changes), '0');
  t.is(ids(nextBatch(four.slice(1)).changes), '12');
});

test('a change whose output is judged ends its batch, and one at a time is possible', (t) => {
  t.is(ids(nextBatch(entries('ccc').map((entry) => withTask(entry, {until: () => true}))).changes), '0');
  t.deepEqual(ids(nextBatch(entries('=ccc'), {single: true}).changes), '1');
});
