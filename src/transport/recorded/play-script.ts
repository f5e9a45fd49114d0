import {setTimeout as sleep} from 'node:timers/promises';
import {HostError} from '../../model/index.js';
import {AS_EXPECTED, answerOf, type Reply, type ShellStep} from '../../shell/index.js';
import type {RunOptions} from '../connection.js';
import {endless, silent} from '../shell-failures.js';
import type {RecordedAnswer} from './recording.js';

/** What a script needs of its connection. */
export interface Stage {
  /** The answer to a step, which begins now. */
  answer(step: ShellStep): RecordedAnswer;
  isStopped(): boolean;
  /** Aborted when the connection ends, with the `HostError` that says why. */
  readonly ended: AbortSignal;
}

/** Plays the steps as the remote loop runs them; replies and events come in the same order. Rejects with `HostError`. */
export async function playScript(
  steps: readonly ShellStep[],
  options: RunOptions,
  {answer, isStopped, ended}: Stage,
): Promise<readonly (Reply | undefined)[]> {
  const replies: (Reply | undefined)[] = steps.map(() => undefined);
  const isOver = () => options.stoppable === true && isStopped();
  if (isOver()) return replies;
  for (const [index, step] of steps.entries()) {
    if (isActing(step) && isOver()) break;
    if (isActing(step)) options.onEvent?.({type: 'began', step: index});
    const reply = await replyTo(index, step, {answer: answer(step), options, ended});
    replies[index] = reply;
    options.onEvent?.({type: 'ended', step: index, reply});
    if (endsScript(step, reply)) break;
  }
  options.onEvent?.({type: 'finished'});
  return replies;
}

/** Not one that only reads. */
const isActing = ({mode, expect}: ShellStep) => mode !== 'probe' && expect === undefined;

const endsScript = ({required, expect}: ShellStep, reply: Reply) =>
  expect === undefined ? required && reply.code !== 0 : reply !== AS_EXPECTED;

interface Answering {
  readonly answer: RecordedAnswer;
  readonly options: RunOptions;
  readonly ended: AbortSignal;
}

async function replyTo(index: number, step: ShellStep, {answer, options, ended}: Answering): Promise<Reply> {
  const {code = 0, stdout = '', stderr = '', truncated = false, sha256, seconds = 0, instead} = answer;
  if (step.mode === 'live') {
    for (const text of linesOf(stdout)) options.onOutput?.({step: index, stream: 'stdout', text});
    for (const text of linesOf(stderr)) options.onOutput?.({step: index, stream: 'stderr', text});
  }
  await pass(seconds, ended);
  if (instead === 'silence') return untilGivenUp(options, ended);
  if (instead) return refuse(instead);
  const reply = {code, stdout, stderr, truncated, ...(sha256 !== undefined && {sha256})};
  const {expect} = step;
  const answered = expect && answerOf(reply);
  return answered && answered.code === expect.code && answered.sha256 === expect.sha256 ? AS_EXPECTED : reply;
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function refuse(failure: HostError['failure']): never {
  throw new HostError(failure);
}

/** Rejects when the connection ends meanwhile. */
async function pass(seconds: number, ended: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, {signal: ended}).catch(() => {});
  ended.throwIfAborted();
}

/** No time is lost with waiting for what will not come. */
function untilGivenUp({silence, within}: RunOptions, ended: AbortSignal): Promise<never> {
  if (silence !== undefined) refuse(silent(silence));
  if (within !== undefined) refuse(endless(within));
  return new Promise((_resolve, reject) => {
    ended.addEventListener('abort', () => reject(ended.reason), {once: true});
  });
}
