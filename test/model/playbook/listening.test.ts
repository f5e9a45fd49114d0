import test from 'ava';
import {listens, SpecError} from '../../../src/model/index.js';

test('ports are in ascending order and each once, and the audience is a list', (t) => {
  t.deepEqual(listens({tcp: [443, 80, 443], from: 'any', because: 'clients'}), [
    {listens: 'tcp', ports: [80, 443], from: ['any'], because: 'clients'},
  ]);
});

test('one declaration may be for TCP, UDP and a protocol without ports', (t) => {
  const from = [{group: 'lb'}, {network: '10.0.0.0/8'}];
  const all = listens({tcp: 53, udp: 53, protocol: 112, from, because: 'x'});
  t.deepEqual(
    all.map((each) => each.listens),
    ['tcp', 'udp', {protocol: 112}],
  );
  t.true(all.every((each) => each.from.length === 2));
});

test('a port or a protocol that does not exist is refused, and so is nothing to listen to', (t) => {
  for (const [spec, message] of [
    [{tcp: 65_536}, 'listens: 65536 is not a whole number from 1 to 65535'],
    [{udp: [53, 0]}, 'listens: 0 is not a whole number from 1 to 65535'],
    [{protocol: 256}, 'listens: 256 is not a whole number from 1 to 255'],
    [{}, 'listens: give tcp, udp or protocol'],
  ] as const) {
    t.throws(() => listens({...spec, from: 'any', because: 'x'}), {instanceOf: SpecError, message});
  }
});
