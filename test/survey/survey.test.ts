import test from 'ava';
import {HostError} from '../../src/model/index.js';
import {type SurveyOptions, survey} from '../../src/survey/index.js';
import {type RecordedAnswer, recordedTransport} from '../../src/transport/recorded/index.js';
import {hostNamed} from '../renderers/host-named.js';

const clock = (): RecordedAnswer => ({to: 'date +%s.%N', stdout: `${Date.now() / 1000 + 100}\n`});
const FACTS: RecordedAnswer = {to: '/etc/os-release', stdout: 'ID=debian\nVERSION_ID=12\nhostname=web1\n'};
const SPACE: RecordedAnswer = {to: 'df ', stdout: 'Avail\n1234567\n'};
const LISTENING: RecordedAnswer = {
  to: '/proc/net/tcp',
  stdout: 'socket 00000000:0050 700\nholder socket:[700] 0::/system.slice/nginx.service nginx\n',
};
const ALL = [FACTS, SPACE, LISTENING];

/** A server that answers so. */
function surveying(answers: readonly RecordedAnswer[], options: Omit<SurveyOptions, 'transport'> = {}) {
  const transport = recordedTransport({hosts: {h1: {answers}}});
  return {looking: survey(hostNamed('h1'), {...options, transport}), transport};
}

test('a survey tells facts, room, clock and what listens, in two questions over one connection', async (t) => {
  const {looking, transport} = surveying([...ALL, clock()]);
  const {facts, freeBytes, clockSkew, listening} = await looking;
  t.is(facts.hostname, 'web1');
  t.is(freeBytes, 1_234_567);
  t.true(Math.abs(clockSkew - 100) < 5, String(clockSkew));
  t.deepEqual(listening, [{port: 80, program: 'nginx', unit: 'nginx.service'}]);
  t.deepEqual(
    transport.asked.map(({type}) => type),
    ['connect', 'run', 'run', 'close'],
  );
});

test('an answer that cannot be read, and a host that says nothing, fail the survey and leave nothing open', async (t) => {
  const cases = [
    [[FACTS, {...SPACE, stdout: 'df: no such file'}, LISTENING, clock()], 'probe-failed'],
    [[...ALL, {to: 'date', stdout: 'noon'}], 'probe-failed'],
    [[{...FACTS, stdout: 'ID=arch\n'}, SPACE, LISTENING], 'unsupported-host'],
    [[FACTS, {...SPACE, instead: 'silence'}], 'timed-out'],
  ] as const;
  for (const [answers, reason] of cases) {
    const {looking, transport} = surveying(answers);
    const {failure} = await t.throwsAsync(looking, {instanceOf: HostError});
    t.is(failure.reason, reason);
    t.is(transport.asked.at(-1)?.type, 'close');
  }
});

test('a survey that is called off rejects with the reason of its signal', async (t) => {
  const stopping = new AbortController();
  const {looking} = surveying([{...FACTS, seconds: 60}], {signal: stopping.signal});
  setTimeout(() => stopping.abort(new Error('called off')), 20);
  await t.throwsAsync(looking, {message: 'called off'});
});
