import type {Problem} from './diagnostic.js';
import type {Drift} from './plan/diff.js';

/** Why something expected to be possible was not. */
export type FailureReason =
  | 'unreachable'
  | 'authentication-failed'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'become-failed'
  | 'connection-lost'
  | 'timed-out'
  /** The answer is not one that the remote shell gives. */
  | 'protocol-broken'
  /** A local file changed while it was sent, or the host cannot store it. */
  | 'upload-failed'
  | 'locked'
  | 'unsupported-host'
  | 'probe-failed'
  | 'command-failed'
  | 'handler-failed'
  | 'exceeds-plan'
  /** The host is not as it was when the saved plan was made. */
  | 'drifted'
  /** The saved plan was applied to the host before. */
  | 'already-applied'
  | 'not-converged'
  /** A change that may lock out was undone by the host: no new connection confirmed it. */
  | 'not-confirmed'
  | 'needs-failed'
  /** More hosts of the play have failed than it allows. */
  | 'too-many-failures'
  /** Another host, whose facts it needs or to which a task is delegated, cannot be used. */
  | 'other-host-failed'
  /** A role, a template or a task refuses what the playbook gives this host. */
  | 'input-refused'
  /** Code threw while the host was planned or applied: the playbook's, a package's, or ours. */
  | 'code-failed';

/** A failure on one host, complete enough to be acted on. */
export interface Failure extends Omit<Problem, 'excerpt'> {
  readonly reason: FailureReason;
  /** `type id` of the task or handler. */
  readonly task?: string | undefined;
  readonly play?: string | undefined;
  /** The command, secrets masked. */
  readonly command?: string | undefined;
  readonly exitCode?: number | undefined;
  /** The last lines the command printed. */
  readonly output?: string | undefined;
  /** Of `drifted`: what differs from the saved plan. */
  readonly drift?: readonly Drift[] | undefined;
  /** Of `code-failed`: the stack trace, for `-v`. It may hold secrets, as a message may. */
  readonly stack?: string | undefined;
}

/** Carries a {@link Failure} out of a transport or a step. Not a bug, so its stack trace is never shown. */
export class HostError extends Error {
  readonly failure: Failure;

  /** `cause`: what was thrown, where the failure was made from that. */
  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, {cause});
    this.name = 'HostError';
    this.failure = failure;
  }
}
