import test from 'ava';
import {Fleet} from '../../src/engine/fleet.js';
import {reach} from '../../src/engine/reach.js';
import type {Failure} from '../../src/model/index.js';
import {raw} from '../../src/shell/index.js';
import {recordedTransport} from '../../src/transport/recorded/index.js';
import {hostNamed} from '../renderers/host-named.js';
import {FACTS} from './scene.js';

function fleetOf(names: readonly string[], connects?: readonly Failure[]) {
  const answers = [FACTS, {to: 'slow', stdout: 'slow', seconds: 0.05}, {stdout: 'quick'}];
  const hosts = Object.fromEntries(names.map((name) => [name, {answers, connects}]));
  const transport = recordedTransport({hosts});
  return {fleet: new Fleet((host) => reach(host, transport)), transport};
}

const run = (text: string) => [{command: raw(text), required: true}];

test('a host is reached once, whoever asks and however often', async (t) => {
  const {fleet, transport} = fleetOf(['h1']);
  const all = await Promise.all([
    fleet.reach(hostNamed('h1')),
    fleet.reach(hostNamed('h1')),
    fleet.delegate(hostNamed('h1')),
  ]);
  t.is(all[0], all[1]);
  t.is(all[0].connection, all[2].connection);
  t.is(transport.asked.filter(({type}) => type === 'connect').length, 1);
});

test('scripts of several askers run one after another; one that fails stops none', async (t) => {
  const {fleet} = fleetOf(['h1']);
  const {connection} = await fleet.reach(hostNamed('h1'));
  const mistaken = connection.run(run('slow'), {
    onEvent: () => {
      throw new Error('my own mistake');
    },
  });
  await t.throwsAsync(mistaken, {message: 'my own mistake'});
  const other = fleetOf(['h1']);
  const shared = (await other.fleet.reach(hostNamed('h1'))).connection;
  const [first, second, kept] = await Promise.all([
    shared.run(run('slow')),
    shared.run(run('x')),
    shared.keep(raw('y')),
  ]);
  t.deepEqual([first[0]?.stdout, second[0]?.stdout, kept.stdout], ['slow', 'quick', 'quick']);
});

test('tasks of other hosts do not come in between on a delegate', async (t) => {
  const {fleet} = fleetOf(['h1']);
  const [one, two] = [await fleet.delegate(hostNamed('h1')), await fleet.delegate(hostNamed('h1'))];
  const order: string[] = [];
  const work = async (name: string) => {
    order.push(`${name} begins`);
    await one.connection.run(run('slow'));
    order.push(`${name} ends`);
  };
  await Promise.all([one.alone(() => work('first')), two.alone(() => work('second'))]);
  t.deepEqual(order, ['first begins', 'first ends', 'second begins', 'second ends']);
});

test('closing ends every connection once, and those that could not be made are no obstacle', async (t) => {
  const {fleet, transport} = fleetOf(['h1', 'h2']);
  const refused = fleetOf(['h3'], [{reason: 'unreachable', message: 'no'}]).fleet;
  await Promise.all([fleet.reach(hostNamed('h1')), fleet.reach(hostNamed('h2'))]);
  await t.throwsAsync(refused.reach(hostNamed('h3')));
  await Promise.all([fleet.close(), fleet.close(), refused.close()]);
  t.is(transport.asked.filter(({type}) => type === 'close').length, 2);
});
