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
import {eachOnce} from './compile/openings.js';

/** What was being done for the host. */
interface FailureContext {
  readonly play?: string;
  readonly task?: Pick<Task, 'type' | 'id' | 'at'>;
}

/**
 * Any thrown value as the failure of a host. A known failure stays as it is; task, play and line are added where it
 * has none. For code that threw, the line in the user's files is named where the stack has one. Never throws.
 */
export function failureOf(error: unknown, {play, task}: FailureContext = {}): Failure {
  const failure = shortened(describe(error));
  const at = failure.at ?? task?.at;
  return {
    ...failure,
    ...(failure.task === undefined && task && {task: taskName(task)}),
    ...(failure.play === undefined && play !== undefined && {play}),
    ...(at && {at}),
  };
}

/** As {@link failureOf}, to be thrown; its `cause` is what was thrown first. Never throws. */
export function hostErrorOf(error: unknown, place: FailureContext = {}): HostError {
  return new HostError(failureOf(error, place), error instanceof HostError ? error.cause : error);
}

/**
 * Throws the faults of the user's own files when they kept every host of the run from being planned, so that each is
 * shown once, at its place. `errors`: of each host, undefined where it could be planned. When one host was planned, or
 * failed for another reason, each failure stays that of its host.
 */
export function refuseFiles(errors: readonly (HostError | undefined)[]): void {
  const causes = errors.map((error) => error?.cause);
  if (causes.length === 0 || !causes.every(isOfTheUser)) return;
  const other = causes.find((cause) => !(cause instanceof InputError));
  if (other !== undefined) throw other;
  const faults = causes.flatMap((cause) => (cause instanceof InputError ? cause.diagnostics : []));
  throw new InputError(eachOnce(faults, ({message, at}) => [message, at]));
}

/** A fault in the user's files, or an error thrown by code of the playbook. */
function isOfTheUser(cause: unknown): boolean {
  return cause instanceof InputError || (cause instanceof Error && positionIn(cause.stack ?? '') !== undefined);
}

/** Characters of a command's output in a failure: its end, where the reason usually is. */
export const OUTPUT_SHOWN = 4000;

/** The last characters of a text, from the beginning of a line: half a secret would not be recognised and masked. */
export function endOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.slice(-most);
  return end.includes('\n') ? end.slice(end.indexOf('\n') + 1) : end.replace(/^\S*/, '…');
}

/** A failure may quote what a host printed, which may be megabytes long. */
function shortened(failure: Failure): Failure {
  const {message, output} = failure;
  const shorter = message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
  return {...failure, message: shorter, ...(output !== undefined && {output: endOf(output, OUTPUT_SHOWN)})};
}

function describe(error: unknown): Failure {
  if (error instanceof HostError) return error.failure;
  if (error instanceof InputError) return refusedInput(error);
  if (error instanceof Refusal) return {reason: 'probe-failed', message: error.message, hint: error.hint};
  if (error instanceof UnreadableReply) return unreadable(error);
  if (error instanceof SpecError)
    return {reason: 'code-failed', message: error.message, hint: error.hint ?? 'Fix the playbook there.'};
  return codeFailed(error);
}

/** The files are the user's, but what is wrong in them depends on the host: its facts, variables or groups. */
function refusedInput({diagnostics}: InputError): Failure {
  const [first] = diagnostics;
  return {
    reason: 'input-refused',
    message: diagnostics.map(({message}) => message).join('; '),
    hint: first?.hint ?? 'Fix it there, or leave the host out with --limit.',
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
    hint: at ? 'Fix it there; the option -v shows the whole stack.' : 'Report it with its stack, which -v shows.',
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
