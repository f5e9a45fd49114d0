import {setTimeout as sleep} from 'node:timers/promises';
import {HostError} from '../../model/index.js';
import {AS_EXPECTED, answerOf, type Reply, type ShellStep} from '../../shell/index.js';
import {endless, silent} from '../shell-failures.js';
import type {RunOptions} from '../transport.js';
import type {RecordedAnswer, RecordedHost} from './recording.js';

/** What a script needs from its connection. */
export interface ScriptContext {
  /** The answer to a step that begins now. */
  answer(step: ShellStep): RecordedAnswer;
  isStopped(): boolean;
  /** Aborted when the connection ends, with the `HostError` that says why. */
  readonly ended: AbortSignal;
}

/** Plays the steps as the remote loop runs them, with replies and events in the same order. Rejects with `HostError`. */
export async function playScript(
  steps: readonly ShellStep[],
  options: RunOptions,
  {answer, isStopped, ended}: ScriptContext,
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

/** Whether a step may change something. */
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

/** Rejects when the connection ends in the meantime. */
async function pass(seconds: number, ended: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, {signal: ended}).catch(() => {});
  ended.throwIfAborted();
}

/** Fails at once where a real connection would wait for the limit. Without a limit, waits for the connection to end. */
function untilGivenUp({silence, within}: RunOptions, ended: AbortSignal): Promise<never> {
  if (silence !== undefined) refuse(silent(silence));
  if (within !== undefined) refuse(endless(within));
  return new Promise((_resolve, reject) => {
    ended.addEventListener('abort', () => reject(ended.reason), {once: true});
  });
}

/** A host of a recording while it is played. All connections to it share the answers that are left. */
export interface PlayedHost {
  /** Throws `HostError` when this attempt to connect fails. Returns its number, from 1. */
  connect(): number;
  /** The answer to a command; counts as one use of it. Throws when the recording has none. */
  answer(command: string): RecordedAnswer;
}

/** A host of a recording, with all of its answers left. */
export function playHost(name: string, {connects = [], answers}: RecordedHost): PlayedHost {
  const uses = new Map<RecordedAnswer, number>();
  const isLeft = (answer: RecordedAnswer) => (uses.get(answer) ?? 0) < (answer.times ?? Number.POSITIVE_INFINITY);
  let attempts = 0;
  return {
    connect: () => {
      const failure = connects[Math.min(attempts, connects.length - 1)];
      attempts += 1;
      if (failure) throw new HostError(failure);
      return attempts;
    },
    answer: (command) => {
      const found = answers.find((answer) => isLeft(answer) && command.includes(answer.to ?? ''));
      if (!found) throw new Error(`the recording of ${name} has no answer to: ${command}`);
      uses.set(found, (uses.get(found) ?? 0) + 1);
      return found;
    },
  };
}
