import test from 'ava';
import {connectionFor, runPlaced} from '../../../src/engine/connect/placement.js';
import {newQueue} from '../../../src/local/lock.js';
import {raw} from '../../../src/shell/index.js';
import {recordedTransport} from '../../../src/transport/recorded/index.js';
import {hostNamed} from '../../renderers/host-named.js';
import {thing} from '../scene.js';

/** Two connections, whose hosts say their name. */
async function two() {
  const hosts = {h1: {answers: [{stdout: 'h1\n'}]}, h2: {answers: [{to: 'fail', code: 1}, {stdout: 'h2\n'}]}};
  const transport = recordedTransport({hosts});
  const [one, other] = [await transport.connect(hostNamed('h1')), await transport.connect(hostNamed('h2'))];
  return {one, other, transport};
}

const live = (text: string) => ({command: raw(text), required: false, mode: 'live' as const});

test('a task is done over the connection of its host, or of the one it is delegated to', async (t) => {
  const {one, other} = await two();
  const others = new Map([['h2', {host: hostNamed('h2'), connection: other, alone: newQueue()}]]);
  t.is(connectionFor({connection: one, others}, thing({name: 'a'})), one);
  t.is(connectionFor({connection: one, others}, thing({name: 'a', delegateTo: 'h2'})), other);
  t.throws(() => connectionFor({connection: one, others}, thing({name: 'a', delegateTo: 'h3'})), {
    message: /no connection to h3/,
  });
});

test('steps go to their hosts, one script each, and replies, events and lines are numbered as they were given', async (t) => {
  const {one, other, transport} = await two();
  const [ended, heard]: [number[], string[]] = [[], []];
  const steps = [
    {on: one, step: live('a')},
    {on: other, step: live('b')},
    {on: one, step: live('c')},
  ];
  const replies = await runPlaced(steps, {
    onEvent: (event) => event.type === 'ended' && ended.push(event.step),
    onOutput: ({step, text}) => heard.push(`${step} ${text}`),
  });
  t.deepEqual(
    replies.map((reply) => reply?.stdout),
    ['h1\n', 'h2\n', 'h1\n'],
  );
  t.deepEqual(
    [ended, heard],
    [
      [0, 2, 1],
      ['0 h1', '2 h1', '1 h2'],
    ],
  );
  t.is(transport.asked.filter(({type}) => type === 'run').length, 2);
});

test('after a script that ends badly no other one is begun', async (t) => {
  const {one, other, transport} = await two();
  const steps = [
    {on: other, step: live('fail')},
    {on: one, step: live('a')},
  ];
  const replies = await runPlaced(steps, {}, () => transport.asked.filter(({type}) => type === 'run').length === 0);
  t.deepEqual([replies[0]?.code, replies[1]], [1, undefined]);
});
