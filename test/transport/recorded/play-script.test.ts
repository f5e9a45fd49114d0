import test from 'ava';
import {type Failure, HostError} from '../../../src/model/index.js';
import {AS_EXPECTED, answerOf, type Reply, raw, type ShellStep} from '../../../src/shell/index.js';
import {playHost, playScript} from '../../../src/transport/recorded/play-script.js';
import type {RecordedAnswer} from '../../../src/transport/recorded/recording.js';
import type {RunOptions} from '../../../src/transport/transport.js';

const failure: Failure = {reason: 'unreachable', message: 'no answer'};

const step = (text: string, more: Partial<ShellStep> = {}): ShellStep => ({
  ...{command: raw(text), required: false},
  ...more,
});

const reply = (stdout: string, code = 0): Reply => ({code, stdout, stderr: '', truncated: false});

/** Plays steps against answers; gives the replies and what was told on the way. */
async function playOver(
  steps: readonly ShellStep[],
  answers: readonly RecordedAnswer[],
  options: RunOptions = {},
  stopAfter = Number.POSITIVE_INFINITY,
) {
  const told: string[] = [];
  const host = playHost('web1', {answers});
  let asked = 0;
  const replies = await playScript(
    steps,
    {
      ...options,
      onEvent: (event) => void told.push(event.type === 'finished' ? 'finished' : `${event.type} ${event.step}`),
      onOutput: ({step: index, stream, text}) => void told.push(`${index} ${stream}: ${text}`),
    },
    {
      answer: ({command}) => {
        asked += 1;
        return host.answer(String(command));
      },
      isStopped: () => asked >= stopAfter,
      ended: new AbortController().signal,
    },
  );
  return {told, codes: replies.map((each) => each?.code), replies};
}

test('a question is told when it has ended, a change also when it begins', async (t) => {
  const {told} = await playOver(
    [step('a', {mode: 'probe'}), step('b'), step('c', {mode: 'live'})],
    [{stdout: 'x\ny\n', stderr: 'z'}],
  );
  t.deepEqual(told, [
    ...['ended 0', 'began 1', 'ended 1'],
    ...['began 2', '2 stdout: x', '2 stdout: y', '2 stderr: z', 'ended 2', 'finished'],
  ]);
});

test('a step that fails ends the script only where it is required; the steps behind it have no reply', async (t) => {
  const steps = (required: boolean) => [step('a', {required}), step('b')];
  const answers = [{to: 'a', code: 3}, {to: 'b'}];
  t.deepEqual((await playOver(steps(false), answers)).codes, [3, 0]);
  const {codes, told} = await playOver(steps(true), answers);
  t.deepEqual(codes, [3, undefined]);
  t.is(told.at(-1), 'finished');
});

test('an answer that is the expected one is said to be so, and any other ends the script', async (t) => {
  const expect = answerOf(reply('state\n'));
  const steps = [step('check', {...(expect && {expect})}), step('b')];
  const same = await playOver(steps, [{to: 'check', stdout: 'state\n'}, {to: 'b'}]);
  t.is(same.replies[0], AS_EXPECTED);
  t.is(same.replies[1]?.code, 0);
  t.deepEqual(same.told, ['ended 0', 'began 1', 'ended 1', 'finished']);
  for (const other of [{stdout: 'other\n'}, {stdout: 'state\n', code: 1}]) {
    const {replies} = await playOver(steps, [{to: 'check', ...other}, {to: 'b'}]);
    t.deepEqual([replies[0]?.stdout, replies[1]], [other.stdout, undefined]);
  }
});

test('a stop ends a stoppable script before its next change, and another script not at all', async (t) => {
  const steps = [step('a'), step('b', {mode: 'probe'}), step('c')];
  t.deepEqual((await playOver(steps, [{}], {stoppable: true}, 1)).codes, [0, 0, undefined]);
  t.deepEqual((await playOver(steps, [{}], {}, 1)).codes, [0, 0, 0]);
  t.deepEqual((await playOver(steps, [{}], {stoppable: true}, 0)).told, []);
});

test('what comes in place of a reply ends the script as a connection would', async (t) => {
  const rejected = async (instead: RecordedAnswer['instead'], options?: RunOptions) => {
    const error = await t.throwsAsync(playOver([step('a')], [{instead}], options), {instanceOf: HostError});
    return error?.failure;
  };
  t.is(await rejected(failure), failure);
  t.like(await rejected('silence', {silence: 7, within: 9}), {
    reason: 'timed-out',
    message: 'no answer within 7 seconds',
  });
  t.like(await rejected('silence', {within: 9}), {reason: 'timed-out', message: 'no whole answer within 9 seconds'});
});

test('a connection that ends takes the script with it, also one that waits for a silent host', async (t) => {
  const ending = new AbortController();
  const playing = (answer: RecordedAnswer) =>
    playScript([step('a')], {}, {answer: () => answer, isStopped: () => false, ended: ending.signal});
  const waiting = [playing({instead: 'silence'}), playing({seconds: 3600})];
  const lost = new HostError(failure);
  ending.abort(lost);
  for (const each of waiting) t.is(await t.throwsAsync(each), lost);
  t.is(await t.throwsAsync(playing({})), lost);
});

test('answers are used in their order, each as often as it says', (t) => {
  const host = playHost('web1', {
    answers: [{to: 'a', stdout: '1', times: 2}, {to: 'ab', stdout: '2', times: 1}, {stdout: '3'}],
  });
  t.deepEqual(
    ['a', 'ab', 'ab', 'ab', 'b'].map((command) => host.answer(command).stdout),
    ['1', '1', '2', '3', '3'],
  );
  const empty = playHost('web2', {answers: [{to: 'a'}]});
  t.throws(() => empty.answer('b'), {message: 'the recording of web2 has no answer to: b'});
});

test('the last result of an attempt to connect holds for all later ones', (t) => {
  const attempts = (connects?: readonly (Failure | null)[]) => {
    const host = playHost('web1', {answers: [], connects});
    return [1, 2, 3].map(() => {
      try {
        return host.connect();
      } catch (error) {
        return error instanceof HostError ? error.failure.reason : error;
      }
    });
  };
  t.deepEqual(attempts(), [1, 2, 3]);
  t.deepEqual(attempts([]), [1, 2, 3]);
  t.deepEqual(attempts([failure, null]), ['unreachable', 2, 3]);
  t.deepEqual(attempts([null, failure]), [1, 'unreachable', 'unreachable']);
});
