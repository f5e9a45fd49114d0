import test from 'ava';
import {PlayBarriers} from '../../../src/engine/apply/play-barriers.js';
import type {Planned} from '../../../src/engine/plan/plan-all.js';
import {type Host, HostError, type RolloutOptions, rolloutOf} from '../../../src/model/index.js';

/** Hosts in one play `web`; those in `out` could not be planned. */
function gatesFor(names: string, options: RolloutOptions, out = ''): PlayBarriers {
  const rollout = rolloutOf('web', options, names.length);
  const planned = [...names].map((name): Planned => {
    // Of a host and its run, the barriers use the name and whether there is one.
    const host = {name} as Host;
    const run = out.includes(name) ? undefined : ({host} as Planned['run'] & object);
    const plan = {host, tasks: [], handlers: [], ...(rollout && {rollouts: [rollout]})};
    return {plan, judged: plan, run, plays: ['web'], close: async () => {}};
  });
  return new PlayBarriers(planned);
}

/** How an entrance went so far: `waits`, `fresh`, `stale`, or the reason of a refusal. */
async function state(entering: Promise<boolean>): Promise<string> {
  const later = new Promise<string>((resolve) => setTimeout(resolve, 5, 'waits'));
  const outcome = entering.then(
    (stale) => (stale ? 'stale' : 'fresh'),
    (error) => (error instanceof HostError ? error.failure.reason : String(error)),
  );
  return Promise.race([outcome, later]);
}

const enter = (gates: PlayBarriers, host: string, more = {}) =>
  gates.enter(host, 'web', {needs: [], idle: false, ...more});
const fine = {changed: true};
const failed = {changed: true, failed: true};

test('a batch begins when every host of the one before is through', async (t) => {
  const gates = gatesFor('abc', {serial: 2});
  t.is(await state(enter(gates, 'a')), 'fresh');
  t.is(await state(enter(gates, 'b')), 'fresh');
  const third = enter(gates, 'c');
  gates.finish('a', 'web', fine);
  t.is(await state(third), 'waits');
  gates.finish('b', 'web', fine);
  t.is(await state(third), 'stale');
});

test('with serial, the next batch does not begin after a failure', async (t) => {
  const gates = gatesFor('abc', {serial: 1});
  gates.finish('a', 'web', failed);
  t.is(await state(enter(gates, 'b')), 'too-many-failures');
});

test('a host that is out of reach counts, over the whole play', async (t) => {
  t.is(await state(enter(gatesFor('abcd', {serial: 1}, 'd'), 'a')), 'too-many-failures');
  const gates = gatesFor('abcd', {serial: 1, maxFailures: 1}, 'd');
  t.is(await state(enter(gates, 'a')), 'fresh');
  gates.finish('a', 'web', failed);
  t.is(await state(enter(gates, 'b')), 'too-many-failures');
});

test('as many failures as allowed do not stop the play', async (t) => {
  const gates = gatesFor('abcd', {serial: 1, maxFailures: '25%'});
  gates.finish('a', 'web', failed);
  t.is(await state(enter(gates, 'b')), 'stale');
});

test('a host for which the play has nothing to do is not failed by others', async (t) => {
  const gates = gatesFor('ab', {serial: 1}, 'b');
  t.is(await state(enter(gates, 'a', {idle: true})), 'fresh');
});

test('without serial and maxFailures, hosts neither wait for each other nor count', async (t) => {
  const gates = gatesFor('abc', {}, 'c');
  gates.finish('a', 'web', failed);
  t.is(await state(enter(gates, 'b')), 'fresh');
});

test('a needed play must have come through on one host, or have kept to what it allows', async (t) => {
  const lenient = gatesFor('ab', {}, 'a');
  lenient.finish('b', 'web', fine);
  t.is(await state(enter(lenient, 'x', {needs: ['web']})), 'stale');
  t.is(await state(enter(gatesFor('ab', {}, 'ab'), 'x', {needs: ['web']})), 'needs-failed');
  const strict = gatesFor('ab', {maxFailures: 0}, 'a');
  strict.finish('b', 'web', fine);
  t.is(await state(enter(strict, 'x', {needs: ['web']})), 'needs-failed');
});

test('a host with nothing to do is not failed by a needed play that failed', async (t) => {
  const gates = gatesFor('a', {});
  gates.finish('a', 'web', failed);
  t.is(await state(gates.enter('b', 'balancer', {needs: ['web'], idle: false})), 'needs-failed');
  t.is(await state(gates.enter('b', 'balancer', {needs: ['web'], idle: true})), 'stale');
});
