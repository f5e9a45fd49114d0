import {
  type Failure,
  HostError,
  InputError,
  positionIn,
  Refusal,
  SpecError,
  type Task,
  taskName,
  UnreadableReply,
} from '../model/index.js';
import {endOf, OUTPUT_SHOWN} from './output-end.js';

/** What was being done for the host. */
export interface Place {
  readonly play?: string;
  readonly task?: Pick<Task, 'type' | 'id' | 'at'>;
}

/** {@link failureOf} to be thrown; its `cause` is what was thrown first. Never throws. */
export function hostErrorOf(error: unknown, place: Place = {}): HostError {
  return new HostError(failureOf(error, place), error instanceof HostError ? error.cause : error);
}

/**
 * Any thrown value as the failure of a host. A failure that is known keeps what it says; the place is added where it
 * has none. Code that threw is named with its line in the user's files where the stack has one. Never throws.
 */
export function failureOf(error: unknown, {play, task}: Place = {}): Failure {
  const failure = cut(describe(error));
  const at = failure.at ?? task?.at;
  return {
    ...failure,
    ...(failure.task === undefined && task && {task: taskName(task)}),
    ...(failure.play === undefined && play !== undefined && {play}),
    ...(at && {at}),
  };
}

/** What a host said may be part of a failure, and be megabytes long. */
function cut(failure: Failure): Failure {
  const {message, output} = failure;
  const shorter = message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
  return {...failure, message: shorter, ...(output !== undefined && {output: endOf(output, OUTPUT_SHOWN)})};
}

function describe(error: unknown): Failure {
  if (error instanceof HostError) return error.failure;
  if (error instanceof InputError) return refusedInput(error);
  if (error instanceof Refusal) return {reason: 'probe-failed', message: error.message, hint: error.hint};
  if (error instanceof UnreadableReply) return unreadable(error);
  if (error instanceof SpecError) return {reason: 'code-failed', message: error.message, hint: 'Correct it there.'};
  return codeFailed(error);
}

/** The files are the user's, but what is wrong in them depends on the host: its facts, variables or groups. */
function refusedInput({diagnostics}: InputError): Failure {
  const [first] = diagnostics;
  return {
    reason: 'input-refused',
    message: diagnostics.map(({message}) => message).join('; '),
    hint: first?.hint ?? 'Correct it there, or leave the host out: --limit',
    ...(first?.at && {at: first.at}),
  };
}

function unreadable({message}: UnreadableReply): Failure {
  return {
    reason: 'probe-failed',
    message: `the present state cannot be read: ${message}`,
    hint: 'Run the command on the host to see what it answers.',
  };
}

/** Code of the playbook, of a package that it uses, or of infra itself. */
function codeFailed(error: unknown): Failure {
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : undefined;
  const at = positionIn(stack ?? '');
  const whose = at ? 'code of the playbook' : 'code of infra, or of a package that the playbook uses,';
  return {
    reason: 'code-failed',
    message: `${whose} failed: ${textOf(error)}`,
    hint: at ? 'Correct it there. The option -v shows the whole stack.' : 'Report it with its stack, which -v shows.',
    ...(at && {at}),
    ...(stack !== undefined && {stack}),
  };
}

/** What was thrown may be anything, even something that throws when it is printed. */
function textOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return 'it threw a value that cannot be shown';
  }
}

/** Characters of a message: it may quote what the host sent. */
const LONGEST = 1000;
