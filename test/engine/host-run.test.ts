import test from 'ava';
import {entriesOf, mustProbe, type TaskEntry} from '../../src/engine/host-run.js';
import {play} from '../../src/model/index.js';
import {nameOf, planOver, reads, sets, thing} from './scene.js';

const plays = [
  play('first', {hosts: 'all'}, [thing({name: 'a'}), thing({name: 'b'})]),
  play('second', {hosts: 'all'}, [thing({name: 'c'}), thing({name: 'd'})]),
];

const answers = [reads('a', 'old'), reads('b', 'new'), reads('c', 'old'), reads('d', ''), sets('a')];

async function runOf() {
  const {planned} = await planOver({plays, answers});
  const run = planned[0]?.run;
  if (!run) throw new Error('not planned');
  return run;
}

const brief = ({verdict}: TaskEntry) => (verdict.type === 'change' ? verdict.action : verdict.type);

test('the entries of a play are its own tasks, each with the verdict and the answer of the plan', async (t) => {
  const run = await runOf();
  const of = (name: string) =>
    entriesOf(run, name).map((entry) => [nameOf(entry), brief(entry), entry.answer === undefined]);
  t.deepEqual(of('first'), [
    ['thing a', 'update', false],
    ['thing b', 'unchanged', false],
  ]);
  t.deepEqual(of('second'), [
    ['thing c', 'update', false],
    ['thing d', 'create', false],
  ]);
  const digests = entriesOf(run, 'first').map(({answer}) => answer?.sha256);
  t.not(digests[0], digests[1]);
  t.is(entriesOf(run, 'second')[0]?.answer?.sha256, digests[0]);
});

test('at first what the plan said is what the last probe says', async (t) => {
  const run = await runOf();
  t.true(entriesOf(run, 'first').every(({planned, verdict}) => planned === verdict));
});

test('a play that the host does not have, or that has no tasks, has no entries', async (t) => {
  t.deepEqual(entriesOf(await runOf(), 'third'), []);
});

test('a plan that does not fit its plays is a bug, and is named', async (t) => {
  const run = await runOf();
  const message = 'the plan of h1 does not fit its play second';
  const [first, ...rest] = run.judged.tasks;
  t.throws(() => entriesOf({...run, judged: {...run.judged, tasks: run.judged.tasks.slice(0, 3)}}, 'second'), {
    message,
  });
  const failure = {reason: 'probe-failed', message: 'No.'} as const;
  const failed = first && {...first, verdict: {type: 'failed', failure} as const};
  const judged = {...run.judged, tasks: [...(failed ? [failed] : []), ...rest]};
  t.throws(() => entriesOf({...run, judged}, 'first'), {message: 'the plan of h1 does not fit its play first'});
});

test('what is unknown, without an answer, or marked as such has to be probed first', async (t) => {
  const [entry] = entriesOf(await runOf(), 'first');
  if (!entry) throw new Error('no entry');
  t.false(mustProbe(entry));
  t.false(mustProbe({...entry, probeFirst: false}));
  t.true(mustProbe({...entry, probeFirst: true}));
  t.true(mustProbe({...entry, answer: undefined}));
  t.true(mustProbe({...entry, verdict: {type: 'unknown', because: 'x'}}));
});
