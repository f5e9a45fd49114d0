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
export interface PackagesOptions extends TaskOptions {
  /**
   * `present` (the default) never upgrades what is installed, `latest` installs the newest version, `absent` removes
   * it.
   */
  readonly state?: 'present' | 'absent' | 'latest';
}

/**
 * Packages by their names, for the package manager of the host's distribution: with apt it is the task `apt`, under
 * that name in plans. What only one package manager has, such as versions, is an option of that task. The name is a
 * plural since `package` is a reserved word in modules. In a condition of `onlyWhere` write
 * `packages('nginx')(context)`.
 *
 * @example
 * packages('nginx')
 * packages(['nano', 'vim'], {state: 'absent'})
 */
export function packages(names: string | readonly string[], options?: PackagesOptions): PackagesOfHost;
export function packages(names: string | readonly string[], ...more: readonly unknown[]): PackagesOfHost {
  const called = {what: 'packages', at: callSite()};
  checkOptions(NAMES, {names}, called);
  const options = secondOptions<PackagesOptions>(OPTIONS, more, called);
  return ({facts}) => {
    const task = MANAGERS[distributionOf(facts).packageManager]({packages: names, ...options});
    return {...task, at: called.at};
  };
}

/** A function of the host, as plays and roles take it. */
type PackagesOfHost = (context: Pick<RoleContext, 'facts'>) => Task;

interface PackagesSpec extends PackagesOptions {
  readonly packages: string | readonly string[];
}

/** The task type of each package manager. */
const MANAGERS: Readonly<Record<Distribution['packageManager'], (spec: PackagesSpec) => Task>> = {apt};

const NAMES: check.Checks<{names: string | readonly string[]}> = {names: check.oneOrMany(check.text)};

const OPTIONS: check.Checks<PackagesOptions> = {
  ...TASK_OPTIONS,
  state: check.optional(check.oneOf('present', 'absent', 'latest')),
};
