import test from 'ava';
import {nextSegment, type SegmentStart} from '../../../src/engine/apply/segment.js';
import type {TaskEntry} from '../../../src/engine/host-run.js';
import {Affected, ANYTHING, type Verdict} from '../../../src/model/index.js';
import {sh} from '../../../src/shell/index.js';

const GUARD = {name: 'x', seconds: 5, keep: sh`true`, restore: sh`true`, activate: sh`true`};
const CHANGE = {type: 'change', action: 'update', diff: [], commands: []} as const;
const ANSWER = {code: 0, sha256: ''};
const HANDLER = {id: 'reload', command: sh`true`};

const VERDICTS: Readonly<Record<string, Verdict>> = {
  '=': {type: 'unchanged'},
  c: CHANGE,
  C: CHANGE,
  f: CHANGE,
  h: CHANGE,
  r: CHANGE,
  d: CHANGE,
  g: {...CHANGE, guard: GUARD},
  '?': {type: 'unknown', because: 'not there yet'},
};

/**
 * One letter an entry: `=` unchanged, `c` change, `C` change that may alter anything, `f` change of the file /f, `h`
 * change that notifies, `r` change that may be made again, `d` delegated change, `g` guarded change, `?` unknown.
 */
function entries(letters: string): TaskEntry[] {
  return [...letters].map((letter, index): TaskEntry => {
    const verdict = VERDICTS[letter] ?? {type: 'unchanged'};
    const named = letter === 'f' ? ['/f'] : [`thing ${index}`];
    const task = {
      ...{type: letter, id: String(index), always: false, at: undefined, open: () => question},
      affects: letter === 'C' ? [ANYTHING] : named,
      needs: named,
      notify: letter === 'h' ? [HANDLER] : [],
      ...(letter === 'r' && {retries: 2}),
      ...(letter === 'd' && {delegateTo: 'other'}),
    };
    return {open: {task, question}, planned: verdict, verdict, answer: ANSWER};
  });
}

const question = {probe: sh`true`, judge: (): Verdict => ({type: 'unchanged'})};

const SIGNS = {check: '.', change: '!', probe: '?', handler: 'h'};

/**
 * What a segment does: `0.` checks the first entry, `0!` changes it, `0?` asks it, `h` runs a handler; `|` if others
 * come.
 */
function legOf(letters: string, start: Partial<SegmentStart> = {}): string {
  const {steps, through} = nextSegment(entries(letters), {
    ...{affected: new Affected(), suspect: false, due: [], single: false},
    ...start,
  });
  const shown = steps.map((step) => `${step.type === 'handler' ? '' : step.entry.open.task.id}${SIGNS[step.type]}`);
  return `${shown.join(' ')}${through < letters.length ? ` |${through}` : ''}`;
}

test('a whole play is one segment: each change after its check, and what is as desired is left alone', (t) => {
  t.is(legOf('=c=cc='), '1. 1! 3. 3! 4. 4!');
  t.is(legOf('====='), '');
});

test('behind a change that may alter anything, what is as desired is checked too, each once', (t) => {
  t.is(legOf('=C=c='), '1. 1! 2. 3. 3! 4.');
  const many = legOf('C'.repeat(500));
  t.is(many.split(' ').length, 1000);
});

test('what an earlier play or another run may have altered is checked', (t) => {
  t.is(legOf('=c=', {affected: new Affected([ANYTHING])}), '0. 1. 1! 2.');
  t.is(legOf('=c=', {suspect: true}), '0. 1. 1! 2.');
  t.is(legOf('===', {affected: new Affected(['thing 1'])}), '1.');
});

test('a segment ends before what is not known yet, and asks it and others of that kind', (t) => {
  t.is(legOf('c?C?c'), '0. 0! 1? 3? |1');
  t.is(legOf('?c'), '0? |0');
  t.is(legOf('c'.repeat(3) + '?'.repeat(40)).split('?').length - 1, 16);
});

test('a file that was rewritten on the way is asked before it is changed again', (t) => {
  t.is(legOf('fcf'), '0. 0! 1. 1! 2? |2');
});

test('a change that may lock out is made alone among the changes, and is the last of its segment', (t) => {
  t.is(legOf('cg=c'), '0. 0! |1');
  t.is(legOf('=g=c'), '1. 1! |2');
});

test('nothing comes behind a change that may be made again', (t) => {
  t.is(legOf('crc'), '0. 0! 1. 1! |2');
  t.is(legOf('cc', {single: true}), '0. 0! |1');
});

test('handlers come in the same script as the last change, each once', (t) => {
  t.is(legOf('hch'), '0. 0! 1. 1! 2. 2! h');
  t.is(legOf('=', {due: [HANDLER]}), 'h');
  t.is(legOf('hr'), '0. 0! 1. 1!');
  t.is(legOf('h', {single: true}), '0. 0!');
  t.is(legOf('', {single: true, due: [HANDLER]}), 'h');
  t.is(legOf('h?'), '0. 0! 1? |1');
});

test('a segment stays on one host', (t) => {
  t.is(legOf('cdc'), '0. 0! |1');
  t.is(legOf('dd=c'), '0. 0! 1. 1! |3');
  t.is(legOf('hd'), '0. 0! |1');
});
