import test from 'ava';
import {HostError} from '../../../src/model/index.js';
import {raw, type ShellStep} from '../../../src/shell/index.js';
import {
  parseRecording,
  type RecordedHost,
  type Recording,
  record,
  recordedTransport,
  renderRecording,
} from '../../../src/transport/recorded/index.js';
import {hostNamed} from '../../renderers/host-named.js';
import {localTransport} from '../local/local-transport.js';

const step = (text: string, mode?: ShellStep['mode']): ShellStep => ({command: raw(text), required: false, mode});
const h1 = hostNamed('h1');
const playing = (host: RecordedHost) => recordedTransport({hosts: {h1: host}});

test('an answer is used for the commands that it names, as often as it says, and then the next one that fits', async (t) => {
  const transport = playing({
    answers: [
      {to: 'cat a', stdout: 'one', times: 2},
      {to: 'cat a', stdout: 'two'},
      {to: 'cat', stdout: 'any'},
    ],
  });
  const [first, second] = [await transport.connect(h1), await transport.connect(h1)];
  const ask = async (connection: typeof first, text: string) => (await connection.run([step(text)]))[0]?.stdout;
  t.is(await ask(first, 'cat a'), 'one');
  // What is used up is so for all connections.
  t.deepEqual(
    [await ask(second, 'cat a'), await ask(first, 'cat a'), await ask(first, 'cat a')],
    ['one', 'two', 'two'],
  );
  t.is(await ask(first, 'cat b'), 'any');
});

test('a command that the recording does not have is an error that names host and command', async (t) => {
  const connection = await playing({answers: []}).connect(h1);
  await t.throwsAsync(connection.run([step('cat a')]), {message: 'the recording of h1 has no answer to: cat a'});
  await t.throwsAsync(playing({answers: []}).connect(hostNamed('h2')), {message: /no host h2/});
});

test('a login can be refused once, in the end, or always', async (t) => {
  const refusal = {reason: 'authentication-failed', message: 'no'} as const;
  const outcomes = async (connects: RecordedHost['connects']) => {
    const transport = playing({answers: [], connects});
    const attempts = [1, 2, 3].map(() =>
      transport.connect(h1).then(
        () => 'open',
        (error: HostError) => error.failure.reason,
      ),
    );
    return Promise.all(attempts);
  };
  t.deepEqual(await outcomes(undefined), ['open', 'open', 'open']);
  t.deepEqual(await outcomes([refusal]), ['authentication-failed', 'authentication-failed', 'authentication-failed']);
  t.deepEqual(await outcomes([null, refusal, null]), ['open', 'authentication-failed', 'open']);
  t.deepEqual(await outcomes([null, refusal]), ['open', 'authentication-failed', 'authentication-failed']);
});

test('all requests are noted in order over all hosts, with the steps that ran', async (t) => {
  const answers = [{to: 'false', code: 1}, {}];
  const transport = recordedTransport({hosts: {h1: {answers}, h2: {answers}}});
  const [one, two] = [await transport.connect(h1), await transport.connect(hostNamed('h2'))];
  await two.run([{...step('false'), required: true}, step('true')]);
  await one.keep(raw('lock'));
  one.stop();
  await one.close();
  t.deepEqual(transport.asked, [
    {type: 'connect', host: 'h1'},
    {type: 'connect', host: 'h2'},
    {type: 'run', host: 'h2', connection: 1, sent: 2, steps: ['false']},
    {type: 'keep', host: 'h1', connection: 1, sent: 1, steps: ['lock']},
    {type: 'stop', host: 'h1', connection: 1},
    {type: 'close', host: 'h1', connection: 1},
  ]);
});

test('a silent host sends nothing until its connection is closed', async (t) => {
  const connection = await playing({answers: [{instead: 'silence'}]}).connect(h1);
  const running = connection.run([step('sleep')]);
  setTimeout(() => void connection.close(), 20);
  const {failure} = await t.throwsAsync(running, {instanceOf: HostError});
  t.is(failure.reason, 'connection-lost');
});

test('a connection ends with the signal that it was made with', async (t) => {
  const stopping = new AbortController();
  const connection = await playing({answers: [{instead: 'silence'}]}).connect(h1, {signal: stopping.signal});
  const running = connection.run([step('sleep')]);
  stopping.abort();
  await t.throwsAsync(running, {instanceOf: HostError});
});

const WHOLE: Recording = {
  hosts: {
    h1: {
      connects: [null, {reason: 'unreachable', message: 'no route', hint: 'Plug it in.'}],
      answers: [
        {to: 'cat a', code: 1, stdout: 'x', stderr: 'y', truncated: true, sha256: 'ab', times: 2, seconds: 0.5},
        {instead: 'silence'},
        {instead: {reason: 'connection-lost', message: 'lost'}},
      ],
    },
  },
};

test('a recording survives JSON, and other JSON is refused with the place of the fault', (t) => {
  t.deepEqual(parseRecording(renderRecording(WHOLE)), WHOLE);
  const wrong = {hosts: {h1: {answers: [{cod: 1}]}}};
  t.throws(() => parseRecording(JSON.stringify(wrong)), {
    message: /not a recording[\s\S]*cod[\s\S]*hosts\.h1\.answers\[0\]/,
  });
  t.throws(() => parseRecording('{'), {instanceOf: SyntaxError});
});

test('the answers of real shells are recorded, and played again they are the same', async (t) => {
  const questions = [
    step('echo one; echo err >&2; exit 3', 'probe'),
    step('printf "\\377"', 'probe'),
    step('echo two', 'live'),
  ];
  const ask = async (transport: ReturnType<typeof localTransport>) => {
    const connection = await transport.connect(h1);
    const replies = await connection.run(questions);
    const kept = await connection.keep(raw('echo kept\necho again'));
    const expect = {code: 0, sha256: '27dd8ed44a83ff94d557f9fd0412ed5a8cbca69ea04922d88c01184a07300a5a'};
    const [same] = await connection.run([{...step('echo two'), expect}]);
    await connection.close();
    return {replies, kept, same};
  };
  const recorder = record(localTransport());
  const then = await ask(recorder);
  t.is(then.replies[0]?.code, 3);
  const again = recordedTransport(parseRecording(renderRecording(recorder.recording())));
  t.deepEqual(await ask(again), then);
});
