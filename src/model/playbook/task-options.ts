import type {Command, Reply} from '../../shell/index.js';
import {
  type Check,
  type Checks,
  callable,
  command,
  custom,
  flag,
  isObject,
  number,
  object,
  oneOrMany,
  optional,
  text,
  wholeNumber,
} from './checks.js';

/**
 * What every task accepts besides its own options.
 *
 * A condition on facts or variables is plain TypeScript: `when: host.vars.tls === true` in a role or in a function of
 * the host (`({facts}) => [apt({packages: 'x', when: facts.os === 'ubuntu'})]`), or an `if` around the task.
 */
export interface TaskOptions {
  /** Handlers to run at the end of the play when this task changed something. */
  readonly notify?: Handler | readonly Handler[];
  /** A name in plans besides its type and id, and for `--start-at-task`. */
  readonly label?: string | undefined;
  /**
   * For `--tags` and `--skip-tags`; tags of the role and the play count too. A task tagged `always` runs unless that
   * is skipped by name, one tagged `never` only when one of its tags is asked for.
   */
  readonly tags?: string | readonly string[] | undefined;
  /** False: the task is left out of the plan; its templates are not even read. */
  readonly when?: boolean | undefined;
  /**
   * How often a change that failed is tried again (default 0; 3 with `until`). Before each new attempt the task
   * is probed again, and what is then as desired is not tried again.
   */
  readonly retries?: number | undefined;
  /** Seconds before each new attempt. Default 5. */
  readonly delay?: number | undefined;
  /** A change counts as failed until this holds for what its commands printed (exit code 0 is needed in any case). */
  readonly until?: ((reply: Reply) => boolean) | undefined;
  /**
   * Seconds that one attempt of the change may take. Then its commands get TERM and, 30 seconds later, KILL, also what
   * they started. A package transaction ignores TERM: give it ample time.
   */
  readonly timeout?: number | undefined;
  /**
   * A failure of the change is recorded and shown, and the host continues; it does not make the exit code 1. Handlers
   * that the task notifies run, as part of it may be done.
   */
  readonly ignoreErrors?: boolean | undefined;
  /** Only on the first host of the play, in the inventory's order and within `--limit`. */
  readonly runOnce?: boolean | undefined;
  /**
   * The host of the inventory on which it is probed and done, in or out of `--limit`. Facts and variables stay those
   * of the play's host, and so do the handlers it notifies.
   */
  readonly delegateTo?: string | undefined;
}

/** A command that runs once at the end of a play when any task that notifies it has changed something. */
export interface Handler {
  /** Unique among the handlers of a host, for instance `reload haproxy`. */
  readonly id: string;
  /** What it runs. */
  readonly command: Command;
  /**
   * In its place after it failed and the files that notify it are as they were: it may have left a service stopped.
   * Default: `command`.
   */
  readonly recover?: Command | undefined;
}

/** The options of a task that concern the engine and not the task's type. */
export interface TaskControl extends Omit<TaskOptions, 'notify' | 'tags'> {
  readonly tags?: readonly string[] | undefined;
}

/** What `notify` names. */
const handler: Check<Handler> = {
  must: 'a handler',
  issues: (value) => (isObject(value) && 'command' in value ? members : nothing).issues(value),
};

const nothing = custom<never>('a handler', "Write it as reload('nginx') or restart('nginx').", () => false);

const members = object<Handler>('a handler', undefined, {id: text, command, recover: optional(command)});

/** Tags of a task, a role or a play. */
export const tags = optional(oneOrMany(text));

const seconds = (must: string, fits: (value: number) => boolean) =>
  optional(number(`a number of seconds${must}`, fits));

/** What the options of every task must be. */
export const TASK_OPTIONS: Checks<TaskOptions> = {
  notify: optional(oneOrMany(handler)),
  label: optional(text),
  tags,
  when: optional(flag),
  retries: optional(wholeNumber()),
  delay: seconds('', (value) => value >= 0),
  until: optional(callable('({stdout}) => …')),
  timeout: seconds(' above 0', (value) => value > 0),
  ignoreErrors: optional(flag),
  runOnce: optional(flag),
  delegateTo: optional(text),
};

/** The options as a task carries them; defaults of `retries` and `delay` are filled in where they matter. */
export function controlOf({label, tags, when, timeout, ...options}: TaskOptions): TaskControl {
  const {until, ignoreErrors, runOnce, delegateTo, delay} = options;
  const retries = options.retries ?? (until ? RETRIES_UNTIL : undefined);
  return {label, tags: [tags ?? []].flat(), when, retries, delay, until, timeout, ignoreErrors, runOnce, delegateTo};
}

/** Attempts that `until` gets beyond the first when `retries` is left out, as in Ansible. */
const RETRIES_UNTIL = 3;
