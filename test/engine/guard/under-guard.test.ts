import test from 'ava';
import {runScript} from '../../../src/engine/apply/script.js';
import {WAITING} from '../../../src/engine/guard/guard-commands.js';
import {type Failure, type FailureReason, type Guard, HostError} from '../../../src/model/index.js';
import {sh} from '../../../src/shell/index.js';
import type {RecordedAnswer, RecordedHost} from '../../../src/transport/recorded/index.js';
import {progressOver, type RecordedAnswers, reads, stepsFor, thing} from '../scene.js';

const refused = (reason: FailureReason): Failure => ({reason, message: `says ${reason}`});

/** The guarded change: it says that it waits, and takes so long. */
const waits = (answer: RecordedAnswer): RecordedAnswer => ({to: 'systemd-run', stdout: `${WAITING}\n`, ...answer});
const CONFIRM = {to: 'mkdir decided'};
const RESTORED = {to: '/restored ]'};

/** Makes the change of one guarded task; `connects`: what becomes of new connections. */
async function guarded(
  answers: RecordedAnswers,
  connects: RecordedHost['connects'] = [],
  seconds = 0.6,
  delegateTo?: string,
) {
  const guard: Guard = {name: 'wall', seconds, keep: sh`true`, restore: sh`true`, activate: sh`true`};
  const on = delegateTo ?? 'h1';
  const own = [reads('a', 'old'), ...answers];
  const scene = await progressOver({
    items: [thing({name: 'a', guard, ...(delegateTo !== undefined && {delegateTo})})],
    answers: {h1: [], [on]: own},
    limit: ['h1'],
    connects: {[on]: [null, ...connects]},
  });
  const error: unknown = await runScript(scene.progress, 'play', stepsFor(scene.entries)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error !== undefined && !(error instanceof HostError)) throw error;
  return {...scene, failure: error?.failure};
}

test('a change is confirmed over a new connection, which is closed again', async (t) => {
  const {failure, scripts, transport} = await guarded([waits({seconds: 0.2}), CONFIRM]);
  t.is(failure, undefined);
  t.is(scripts().length, 3);
  t.deepEqual(scripts().slice(1), ['connect', 'confirm']);
  t.deepEqual(transport.asked.at(-1), {host: 'h1', connection: 2, type: 'close'});
});

test('a delegated change is confirmed over a connection to the host where it is made', async (t) => {
  const {failure, scripts} = await guarded([waits({seconds: 0.2}), CONFIRM], [], 0.6, 'other');
  t.is(failure, undefined);
  t.deepEqual(scripts().slice(1), ['other: connect', 'other: confirm']);
});

test('no connection is made before the host says that it waits', async (t) => {
  const {failure, scripts} = await guarded([{to: 'systemd-run', code: 3, stderr: 'no such table'}]);
  t.like(failure, {reason: 'command-failed', exitCode: 3});
  t.is(scripts().length, 1);
});

test('a change that no new connection confirms was undone: that says why, and where it was asked for', async (t) => {
  const {failure} = await guarded([waits({code: 75, seconds: 0.7})], [refused('authentication-failed')]);
  t.like(failure, {reason: 'not-confirmed', task: 'thing a'});
  t.regex(failure?.message ?? '', /^after the change of the wall, h1 could not.*\(says authentication-failed\)/);
  t.regex(failure?.message ?? '', /The host has restored its earlier state.$/);
  t.true(failure?.at?.file.endsWith('under-guard.test.ts'));
});

test('it is tried again until it is too late, so a network that comes back in time confirms it', async (t) => {
  const {failure, scripts} = await guarded(
    [waits({seconds: 1}), CONFIRM],
    [refused('unreachable'), refused('unreachable'), null],
    2,
  );
  t.is(failure, undefined);
  t.deepEqual(scripts().slice(1), ['connect', 'connect', 'connect', 'confirm']);
});

test('of several reasons the one that tells most is reported: a host that restores itself refuses connections', async (t) => {
  const {failure} = await guarded(
    [waits({code: 75, seconds: 0.7})],
    [refused('host-key-changed'), refused('unreachable')],
    0.6,
  );
  t.regex(failure?.message ?? '', /says host-key-changed/);
});

test('a host that no longer waits, or says nothing, has not been confirmed', async (t) => {
  const late = await guarded([waits({code: 75, seconds: 0.7}), {...CONFIRM, code: 1}]);
  t.regex(late.failure?.message ?? '', /no longer waits for a confirmation/);
  const silent = await guarded([waits({code: 75, seconds: 0.7}), {...CONFIRM, instead: 'silence'}]);
  t.regex(silent.failure?.message ?? '', /no whole answer within 20 seconds/);
});

const LOST = refused('connection-lost');

test('when the connection breaks, the host is looked after until it is seen to have restored itself', async (t) => {
  const broken = [waits({instead: LOST, seconds: 0.4}), {...CONFIRM, code: 1}];
  const {failure, scripts} = await guarded([...broken, {...RESTORED, code: 1, times: 2}, RESTORED], [], 0.3);
  t.is(failure?.reason, 'not-confirmed');
  t.regex(failure?.message ?? '', /The host has restored its earlier state.$/);
  t.deepEqual(scripts().slice(-6), ['connect', 'restored?', 'connect', 'restored?', 'connect', 'restored?']);
});

test('a host that cannot be reached is not said to have restored itself', async (t) => {
  const {failure} = await guarded([waits({instead: LOST, seconds: 0.4})], [refused('unreachable')], 0.3);
  t.is(failure?.reason, 'not-confirmed');
  t.regex(
    failure?.message ?? '',
    /restores its earlier state 0\.3 seconds after the change, but that could not be checked/,
  );
});

test('a connection that breaks before the change waits counts as not confirmed, for its own reason', async (t) => {
  const {failure} = await guarded([{to: 'systemd-run', instead: LOST}, RESTORED], [], 0.3);
  t.like(failure, {reason: 'not-confirmed'});
  t.regex(failure?.message ?? '', /\(says connection-lost\)/);
});

test('any other failure of the script is reported as it is', async (t) => {
  const {failure} = await guarded([waits({instead: refused('protocol-broken')}), CONFIRM]);
  t.is(failure?.reason, 'protocol-broken');
});
