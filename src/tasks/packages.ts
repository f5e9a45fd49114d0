import {
  callSite,
  check,
  checkOptions,
  type Distribution,
  distributionOf,
  type RoleContext,
  secondOptions,
  TASK_OPTIONS,
  type Task,
  type TaskOptions,
} from '../model/index.js';
import {apt} from './apt/apt.js';

/** What every package manager can do with packages. */
export interface PackagesOptions {
  /**
   * `present` (the default) never upgrades what is installed, `latest` installs the newest version, `absent` removes
   * it.
   */
  readonly state?: 'present' | 'absent' | 'latest';
}

/** A task that depends on the host: a function of it, as plays and roles take them. */
export type TaskOfHost = (context: Pick<RoleContext, 'facts'>) => Task;

/**
 * Packages by their names, for the package manager of the host's distribution: with apt it is the task `apt`, under
 * that name in plans. What only one package manager has, such as versions, is an option of that task. The name is a
 * plural since `package` is a reserved word in modules. Where a task itself is needed, as in `onlyWhere`, write
 * `packages('nginx')(context)`.
 *
 * @example
 * packages('nginx')
 * packages(['nano', 'vim'], {state: 'absent'})
 */
export function packages(names: string | readonly string[], options?: PackagesOptions & TaskOptions): TaskOfHost;
export function packages(names: string | readonly string[], ...more: readonly unknown[]): TaskOfHost {
  const called = {what: 'packages', at: callSite()};
  checkOptions(NAMES, {names}, called);
  const options = secondOptions<PackagesOptions & TaskOptions>(OPTIONS, more, called);
  return ({facts}) => {
    const task = MANAGERS[distributionOf(facts).packageManager]({packages: names, ...options});
    return {...task, at: called.at};
  };
}

interface PackagesSpec extends PackagesOptions, TaskOptions {
  readonly packages: string | readonly string[];
}

/** The task type of each package manager. */
const MANAGERS: Readonly<Record<Distribution['packageManager'], (spec: PackagesSpec) => Task>> = {apt};

const NAMES: check.Checks<{names: string | readonly string[]}> = {names: check.oneOrMany(check.text)};

const OPTIONS: check.Checks<PackagesOptions & TaskOptions> = {
  ...TASK_OPTIONS,
  state: check.optional(check.oneOf('present', 'absent', 'latest')),
};
