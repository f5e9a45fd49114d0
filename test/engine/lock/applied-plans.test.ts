import test, {type ExecutionContext} from 'ava';
import {alreadyApplied, appliedBy, noteApplied} from '../../../src/engine/lock/applied-plans.js';
import {HostError} from '../../../src/model/index.js';
import {hostNamed} from '../../renderers/host-named.js';
import {localTransport} from '../../transport/local/local-transport.js';
import {progressOver, type RecordedAnswers, reads, thing} from '../scene.js';

const READ = '[ ! -e /var/lib/infra/plans/p1 ]';
const NOTE = 'mkdir -p /var/lib/infra/plans';

async function host(answers: RecordedAnswers, present = 'old') {
  return progressOver({items: [thing({name: 'a'})], answers: [reads('a', present), ...answers]});
}

async function failure(t: ExecutionContext, claiming: Promise<unknown>) {
  return (await t.throwsAsync(claiming, {instanceOf: HostError})).failure;
}

test('a plan is noted on a host once it is known not to have been applied there', async (t) => {
  const {run, transport} = await host([{to: READ}, {to: NOTE}]);
  const before = transport.asked.length;
  await noteApplied(run, 'p1', 'me@here', false);
  const sent = transport.asked.slice(before).flatMap((each) => (each.type === 'run' ? each.steps : []));
  t.is(sent.length, 2);
  t.regex(sent[1] ?? '', /'on \d{4}-\d\d-\d\dT\S+ by me@here'/);
});

test('a host on which nothing is to be done is not asked', async (t) => {
  const {run, scripts} = await host([], 'new');
  await noteApplied(run, 'p1', 'me@here', true);
  t.deepEqual(scripts(), []);
});

test('a plan is applied to a host once, whichever user it was', async (t) => {
  const {run} = await host([{to: READ, stdout: 'on monday by her@there\n'}]);
  t.is(await appliedBy(run, 'p1'), 'on monday by her@there');
  const told = await failure(t, noteApplied(run, 'p1', 'me@here', false));
  t.deepEqual(told, alreadyApplied('on monday by her@there\n'));
  t.regex(told.message, /on monday by her@there;/);
});

test('a host that another run has had since is left alone', async (t) => {
  const {run} = await host([{to: READ}]);
  t.is((await failure(t, noteApplied(run, 'p1', 'me@here', true))).reason, 'drifted');
});

test('what the host does not say, or does not keep, is a failure: a plan is applied once', async (t) => {
  for (const answer of [{code: 1, stderr: 'i/o error'}, {truncated: true}]) {
    const {run} = await host([{to: READ, ...answer}]);
    t.like(await failure(t, noteApplied(run, 'p1', 'me@here', false)), {reason: 'command-failed'});
  }
  const {run} = await host([{to: READ}, {to: NOTE, code: 1, stderr: 'no space'}]);
  t.like(await failure(t, noteApplied(run, 'p1', 'me@here', false)), {reason: 'command-failed', output: 'no space'});
});

const rootTest = process.getuid?.() === 0 ? test : test.skip;

rootTest('in a real shell the first note stays, and is found by the next run', async (t) => {
  const connection = await localTransport({isolated: true}).connect(hostNamed('h1'));
  t.teardown(() => connection.close());
  const {run} = await host([]);
  const here = {...run, connection};
  t.is(await appliedBy(here, 'p1'), undefined);
  await noteApplied(here, 'p1', "it's me@here", false);
  t.regex((await appliedBy(here, 'p1')) ?? '', /^on \S+ by it's me@here$/);
  t.is(await appliedBy(here, 'p2'), undefined);
  t.is((await failure(t, noteApplied(here, 'p1', 'her@there', false))).reason, 'already-applied');
});
