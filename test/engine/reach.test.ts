import test from 'ava';
import {reach} from '../../src/engine/reach.js';
import {HostError} from '../../src/model/index.js';
import {recordedTransport} from '../../src/transport/recorded/index.js';
import {hostNamed} from '../renderers/host-named.js';
import {FACTS, type RecordedAnswers} from './scene.js';

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
