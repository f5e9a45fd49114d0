import test from 'ava';
import {HostPool, reach} from '../../../src/engine/connect/host-pool.js';
import {type Failure, HostError} from '../../../src/model/index.js';
import {raw} from '../../../src/shell/index.js';
import {recordedTransport} from '../../../src/transport/recorded/index.js';
import {hostNamed} from '../../renderers/host-named.js';
import {FACTS, type RecordedAnswers} from '../scene.js';

function poolOf(names: readonly string[], connects?: readonly Failure[]) {
  const answers = [FACTS, {to: 'slow', stdout: 'slow', seconds: 0.05}, {stdout: 'quick'}];
  const hosts = Object.fromEntries(names.map((name) => [name, {answers, connects}]));
  const transport = recordedTransport({hosts});
  return {pool: new HostPool((host) => reach(host, transport)), transport};
}

const run = (text: string) => [{command: raw(text), required: true}];

test('a host is reached once, however often it is asked for', async (t) => {
  const {pool, transport} = poolOf(['h1']);
  const all = await Promise.all([
    pool.reach(hostNamed('h1')),
    pool.reach(hostNamed('h1')),
    pool.delegate(hostNamed('h1')),
  ]);
  t.is(all[0], all[1]);
  t.is(all[0].connection, all[2].connection);
  t.is(transport.asked.filter(({type}) => type === 'connect').length, 1);
});

test('scripts of several askers run one after another; one that fails stops none', async (t) => {
  const {pool} = poolOf(['h1']);
  const {connection} = await pool.reach(hostNamed('h1'));
  const mistaken = connection.run(run('slow'), {
    onEvent: () => {
      throw new Error('my own mistake');
    },
  });
  await t.throwsAsync(mistaken, {message: 'my own mistake'});
  const other = poolOf(['h1']);
  const shared = (await other.pool.reach(hostNamed('h1'))).connection;
  const [first, second, kept] = await Promise.all([
    shared.run(run('slow')),
    shared.run(run('x')),
    shared.keep(raw('y')),
  ]);
  t.deepEqual([first[0]?.stdout, second[0]?.stdout, kept.stdout], ['slow', 'quick', 'quick']);
});

test('tasks of other hosts do not come in between on a delegate', async (t) => {
  const {pool} = poolOf(['h1']);
  const [one, two] = [await pool.delegate(hostNamed('h1')), await pool.delegate(hostNamed('h1'))];
  const order: string[] = [];
  const work = async (name: string) => {
    order.push(`${name} begins`);
    await one.connection.run(run('slow'));
    order.push(`${name} ends`);
  };
  await Promise.all([one.alone(() => work('first')), two.alone(() => work('second'))]);
  t.deepEqual(order, ['first begins', 'first ends', 'second begins', 'second ends']);
});

test('closing ends every connection once, and those that could not be made are not an obstacle', async (t) => {
  const {pool, transport} = poolOf(['h1', 'h2']);
  const refused = poolOf(['h3'], [{reason: 'unreachable', message: 'no'}]).pool;
  await Promise.all([pool.reach(hostNamed('h1')), pool.reach(hostNamed('h2'))]);
  await t.throwsAsync(refused.reach(hostNamed('h3')));
  await Promise.all([pool.close(), pool.close(), refused.close()]);
  t.is(transport.asked.filter(({type}) => type === 'close').length, 2);
});

const playing = (answers: RecordedAnswers) => recordedTransport({hosts: {h1: {answers}}});

test('a host that is reached has told its facts, and its connection stays open', async (t) => {
  const transport = playing([FACTS]);
  const {facts} = await reach(hostNamed('h1'), transport);
  t.like(facts, {os: 'debian', version: '12', cpus: 1});
  t.deepEqual(
    transport.asked.map(({type}) => type),
    ['connect', 'run'],
  );
});

test('a host whose facts cannot be had is not left connected', async (t) => {
  const cases = [
    [{...FACTS, stdout: 'ID=fedora\nPRETTY_NAME=Fedora\n'}, 'unsupported-host'],
    [{...FACTS, instead: 'silence'}, 'timed-out'],
    [{...FACTS, instead: {reason: 'connection-lost', message: 'lost'}}, 'connection-lost'],
  ] as const;
  for (const [answer, reason] of cases) {
    const transport = playing([answer]);
    const {failure} = await t.throwsAsync(reach(hostNamed('h1'), transport), {instanceOf: HostError});
    t.is(failure.reason, reason);
    t.is(transport.asked.at(-1)?.type, 'close', reason);
  }
});

test('a host that refuses the login is a failure as it is', async (t) => {
  const refusal = {reason: 'authentication-failed', message: 'no'} as const;
  const transport = recordedTransport({hosts: {h1: {answers: [], connects: [refusal]}}});
  const {failure} = await t.throwsAsync(reach(hostNamed('h1'), transport), {instanceOf: HostError});
  t.is(failure, refusal);
});
