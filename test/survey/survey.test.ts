import test from 'ava';
import {HostError} from '../../src/model/index.js';
import {type SurveyOptions, survey} from '../../src/survey/index.js';
import {parseListening} from '../../src/survey/survey.js';
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

test('a survey reads facts, free space, clock and listening ports, in two questions over one connection', async (t) => {
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

test('an answer that cannot be read, and a host that sends none, fail the survey and leave nothing open', async (t) => {
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

test('an aborted survey rejects with the reason of its signal', async (t) => {
  const stopping = new AbortController();
  const {looking} = surveying([{...FACTS, seconds: 60}], {signal: stopping.signal});
  setTimeout(() => stopping.abort(new Error('called off')), 20);
  await t.throwsAsync(looking, {message: 'called off'});
});

test('a socket has its program and unit, workers and both families once', (t) => {
  const text = `socket 00000000:0050 700
socket 00000000000000000000000000000000:0050 701
socket 0100007F:0CEA 702
socket 00000000:0016 703
holder socket:[700] 0::/system.slice/apache2.service apache2
holder socket:[700] 0::/system.slice/apache2.service apache2
holder socket:[701] 0::/system.slice/apache2.service apache2
holder socket:[702] 0::/system.slice/system-mysql.slice/mysql@a.service mysqld
`;
  t.deepEqual(parseListening(text), [
    {port: 22, program: '', unit: ''},
    {port: 80, program: 'apache2', unit: 'apache2.service'},
    {port: 3306, program: 'mysqld', unit: 'mysql@a.service'},
  ]);
});

test('a container, a login and systemd itself are not units of the system', (t) => {
  const text = `socket 00000000:0050 1
socket 00000000:0051 2
socket 00000000:0052 3
holder socket:[1] 0::/system.slice/docker-0a1b.scope nginx: worker
holder socket:[2] 0::/user.slice/user-1000.slice/user@1000.service/app.slice/a.service node
holder socket:[3] 0::/init.scope systemd
`;
  t.deepEqual(parseListening(text), [
    {port: 80, program: 'nginx: worker', unit: ''},
    {port: 81, program: 'node', unit: ''},
    {port: 82, program: 'systemd', unit: ''},
  ]);
});

test('a server without listeners has none', (t) => {
  t.deepEqual(parseListening(''), []);
});
