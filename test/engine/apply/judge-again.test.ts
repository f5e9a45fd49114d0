import test, {type ExecutionContext} from 'ava';
import {judgeAgain} from '../../../src/engine/apply/judge-again.js';
import type {TaskEntry} from '../../../src/engine/host-run.js';
import {HostError} from '../../../src/model/index.js';
import type {Reply} from '../../../src/shell/index.js';
import {type Given, nameOf, type OneHost, progressOver, reads, thing, told} from '../scene.js';

const saying = (stdout: string): Reply => ({code: 0, stdout, stderr: '', truncated: false});

/** A host on which `a`, `b` … said these words when the plan was made. */
function host(words: readonly string[], more: Partial<Given> = {}) {
  const names = words.map((_, index) => String.fromCharCode(97 + index));
  return progressOver({
    items: names.map((name) => thing({name})),
    answers: names.map((name, index) => reads(name, words[index] ?? '')),
    ...more,
  });
}

/** What is left when `a`, `b` … say these words now; undefined: that one is not asked. */
function again({progress, entries}: OneHost, now: readonly (string | undefined)[]): readonly TaskEntry[] {
  const answers = entries.flatMap((entry, index) => {
    const stdout = now[index];
    return stdout === undefined ? [] : [[entry, saying(stdout)] as const];
  });
  return judgeAgain(progress, 'play', entries, new Map(answers));
}

function failure(t: ExecutionContext, look: () => unknown) {
  return t.throws(look, {instanceOf: HostError}).failure;
}

test('entries that were not asked stay what they are', async (t) => {
  const one = await host(['old', 'new', 'old']);
  t.deepEqual(again(one, []), one.entries);
});

test('what is as desired now is through with, and told where something was planned', async (t) => {
  const one = await host(['old', 'new', 'old']);
  t.deepEqual(again(one, ['new', 'new', undefined]).map(nameOf), ['thing c']);
  t.deepEqual(told(one.events), ['task-unchanged thing a']);
});

test('what is as desired behind something that is left stays in its place: that may alter it', async (t) => {
  const left = again(await host(['old', 'new']), ['old', 'new']);
  t.deepEqual(
    left.map(({verdict}) => verdict.type),
    ['change', 'unchanged'],
  );
});

test('a change that is still the same needs no further check', async (t) => {
  const [entry] = again(await host(['old']), ['old']);
  t.like(entry, {sure: true, surprises: 1, answer: {code: 0}});
});

test('what was as desired and no longer is exceeds the plan', async (t) => {
  const one = await host(['new']);
  const {message, ...told} = failure(t, () => again(one, ['old']));
  t.like(told, {reason: 'exceeds-plan', task: 'thing a', play: 'play'});
  t.regex(message, /update \(value\)/);
  t.truthy(told.at);
  t.like(
    failure(t, () => again(one, ['?'])),
    {reason: 'exceeds-plan'},
  );
});

test('a change of another state than the planned one is drift, which shows both states', async (t) => {
  const one = await host(['old']);
  const {reason, drift = [], task, play} = failure(t, () => again(one, ['older']));
  t.deepEqual([reason, task, play], ['drifted', 'thing a', 'play']);
  t.like(drift[0], {task: 'thing a', play: 'play', changes: [{name: 'value', before: 'old', after: 'older'}]});
  t.is(drift[0]?.note, undefined);
});

test('drift says that a thing has gone or come since', async (t) => {
  const noteOf = async (before: string, now: string) => {
    const one = await host([before]);
    return failure(t, () => again(one, [now])).drift?.map(({note, changes}) => [note, changes]);
  };
  t.deepEqual(await noteOf('old', ''), [['present when planned, absent now', []]]);
  t.deepEqual(await noteOf('', 'old'), [['absent when planned, present now', []]]);
});

test('what is delegated may change by what other hosts do', async (t) => {
  const one = await progressOver({
    items: [thing({name: 'a', delegateTo: 'other'})],
    limit: ['h1'],
    answers: {h1: [], other: [reads('a', 'old')]},
  });
  t.like(again(one, ['older'])[0], {verdict: {type: 'change'}});
});

test('another state that an earlier change of this run explains is not drift', async (t) => {
  const one = await host(['old']);
  one.progress.affected.add(['thing:a']);
  const [entry] = again(one, ['older']);
  t.like(entry, {verdict: {type: 'change'}, sure: false, surprises: 1});
});

test('an attempt that has failed explains another state, too, and is still counted', async (t) => {
  const one = await host(['old']);
  const entries = one.entries.map((entry) => ({...entry, attempts: 2}));
  t.like(again({...one, entries}, ['half done'])[0], {attempts: 2, verdict: {type: 'change'}});
});

test('an entry that says something else each time is changed without another question in the end', async (t) => {
  const one = await host(['0']);
  one.progress.affected.add(['*']);
  let {entries} = one;
  const sure = [1, 2, 3, 4].map((turn) => {
    entries = again({...one, entries}, [String(turn)]);
    return entries[0]?.sure;
  });
  t.deepEqual(sure, [false, false, false, true]);
});

test('an answer that cannot be read fails the task in its play', async (t) => {
  const one = await host(['old']);
  t.like(
    failure(t, () => again(one, ['!'])),
    {reason: 'probe-failed', task: 'thing a', play: 'play', command: 'read a.'},
  );
});

test('what is still unknown waits for what is left before it, and fails when nothing is', async (t) => {
  const one = await host(['old', '?']);
  t.deepEqual(again(one, [undefined, '?']).map(nameOf), ['thing a', 'thing b']);
  const {reason, message, task} = failure(t, () => again(one, ['new', '?']));
  t.deepEqual([reason, message, task], ['probe-failed', 'it is not there yet', 'thing b']);
});
