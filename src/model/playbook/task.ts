import type {Command, Reply} from '../../shell/index.js';
import type {Problem} from '../diagnostic.js';
import type {Failure} from '../failure.js';
import type {Action, AttributeChange, Content, State} from '../plan/state.js';
import type {Position} from '../position.js';
import type {Subject} from './subjects.js';
import type {Handler, TaskControl} from './task-options.js';

/** One desired state, its type erased: all that the engine knows of a task. Made by `defineTask`. */
export interface Task extends TaskControl {
  readonly type: string;
  /** What it is about: a path, a unit, a list of packages. With `type` it names the task in a play. */
  readonly id: string;
  readonly notify: readonly Handler[];
  /** What its change may alter: what depends on it is asked again. */
  readonly affects: readonly Subject[];
  /** What its probe's answer depends on, where that can be named. */
  readonly needs: readonly Subject[];
  /** The one file that its change rewrites, and nothing else. */
  readonly restores?: Restorable | undefined;
  /** It changes something at every apply and cannot converge (a command without `creates` or `unless`). */
  readonly always: boolean;
  /** Where the user's playbook asks for it. */
  readonly at: Position | undefined;
  /** What a failed change calls for, by what its commands printed; undefined when it has no idea. */
  hint?(reply: Reply): Hint | undefined;
  /** Reads templates and local files; throws `InputError` when they cannot be used. */
  open(environment: Environment): Question;
}

/** A task's question to one host, and the judge of the answer. Both are pure. */
export interface Question {
  readonly probe: Command;
  /** Its spec, as its type takes it. */
  readonly spec?: unknown;
  /** Throws {@link UnreadableReply} when the reply is not understood: "unreadable" is never taken for "absent". */
  judge(reply: Reply): Verdict;
}

/** What a task can only learn when a run starts. */
export interface Environment {
  /** Directories to look for templates and files in, first match wins. Absolute paths. */
  readonly templateDirectories: readonly string[];
  /** Called for every template and local file that is read. Absolute paths. */
  readonly opened?: (file: string) => void;
  /** Contents of local files that were read already, so that each is read once. */
  readonly contents?: Map<string, Content>;
}

/** What a task's probe came to on a host. */
export type Judged = Verdict | FailedTask;

/** The present state of a task could not be read or judged, so nothing is known of what it would do. */
export interface FailedTask {
  readonly type: 'failed';
  readonly failure: Failure;
  readonly seen?: undefined;
}

/** What the present state of a thing means for a task. */
export type Verdict = Judgement & {readonly seen?: Seen};

type Judgement =
  /** `absent`: as desired because the thing does not exist. */
  | {readonly type: 'unchanged'; readonly absent?: true}
  | {
      readonly type: 'change';
      readonly action: Action;
      readonly diff: readonly AttributeChange[];
      /** Run one after another for as long as they succeed. */
      readonly commands: readonly Command[];
      /** Makes the commands instead, when the turn of the change comes. Rejects with `InputError`. */
      readonly late?: MakeCommands;
      /** The change may lock out the user. */
      readonly guard?: Guard;
    }
  /**
   * It cannot be read before something else exists. A plan shows *known after apply* if an earlier change may create
   * it.
   */
  | {
      readonly type: 'unknown';
      readonly because: string;
      /** Its spec, as its type takes it: all that a saved plan can hold it to. */
      readonly spec?: unknown;
      /** Throws what the task type's own code throws when it has no state to go by. */
      readonly expected?: () => Expected;
    };

/** What a verdict was made from, to check later whether it still holds. */
export interface Seen {
  /** The attributes that the user set, all of them when the thing must be absent; undefined: not readable yet. */
  readonly present: State | undefined;
  readonly desired: State | undefined;
  /** Attributes whose values are never shown, besides contents that are sensitive themselves. */
  readonly sensitive: readonly string[];
}

/** What a task would do if the thing did not exist: all that is known of one that cannot be read yet. */
export interface Expected {
  readonly desired: State;
  readonly commands: readonly Command[];
}

/** Makes commands that cost something to make, or that must not exist before they are needed. */
export interface MakeCommands {
  (): Promise<readonly Command[]>;
  /** All that the commands will be made from, secrets in clear: a saved plan holds a keyed digest of it. */
  readonly request?: string;
}

/**
 * How a change that may lock everybody out is undone. Before the change the host is set to put back what it has by
 * itself after `seconds`, also across a reboot; only a new SSH connection made after the change calls that off.
 */
export interface Guard {
  /**
   * What is guarded, in letters, digits and dashes: `firewall`, `sshd`. It names a directory and a unit on the host.
   */
  readonly name: string;
  /** Until the host restores itself. */
  readonly seconds: number;
  /** Keeps the current state in the working directory, a private and empty directory. */
  readonly keep: Command;
  /** Puts back what `keep` kept, from the same directory. It may run early in a boot, before any service. */
  readonly restore: Command;
  /** Makes effective what was put back, on a host that has not been booted since. */
  readonly activate: Command;
}

/** A file that a change rewrites: what it was can be put back. `follow`: behind a link, what the link points to. */
export interface Restorable {
  readonly path: string;
  readonly follow: boolean;
}

/**
 * The next step after a failure; or what happened, in a sentence that says more than an exit code, and the next step.
 */
export type Hint = string | Problem;

/** A probe answered what its parser does not understand. The engine turns it into a `probe-failed` of the task. */
export class UnreadableReply extends Error {
  override readonly name = 'UnreadableReply';
}

/** A host is in a state in which a task must not act on it. The engine turns it into a `probe-failed` of the task. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** One next step. */
  readonly hint: string;
  /** What stands in the way: a change before it that affects one of them may clear it. */
  readonly about: readonly Subject[];

  constructor(message: string, hint: string, about: readonly Subject[] = []) {
    super(message);
    this.hint = hint;
    this.about = about;
  }
}

/** `type id`, as plans and messages name a task: `service haproxy`. */
export function taskName({type, id}: Pick<Task, 'type' | 'id'>): string {
  return `${type} ${id}`;
}
