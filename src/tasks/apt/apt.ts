import {
  ANYTHING,
  ANYTHING_NEW,
  calleeOf,
  callSite,
  check,
  defineTask,
  InputError,
  optionsOf,
  secondOptions,
  TASK_OPTIONS,
  type Task,
  type TaskOptions,
  Unknown,
  withCallee,
} from '../../model/index.js';
import {seconds} from '../shared/checks.js';
import {installCommands, removeCommands} from './commands.js';
import {hint} from './hint.js';
import {type AptReport, installProbe, parseReport, removeProbe} from './probe.js';
import {type AptSpec, faultIn, type Ready, withDefaults} from './spec.js';
import {desiredPackages, type PackagesState, presentPackages} from './state.js';

/**
 * Debian packages: `apt('nginx')`, `apt(['nginx', 'haproxy=3.0.*'])`, `apt({packages: 'exim4', state: 'absent'})`.
 *
 * A virtual package counts as present when an installed one provides it. Nothing that is not named is removed, no
 * question is asked, a changed configuration file stays as it is, a held package stays held. A version that is named
 * may be older than the installed one. Lists are refreshed only when something is to be installed.
 *
 * @example
 * apt(['nginx', 'haproxy=3.0.*'])
 * apt({packages: 'nano', state: 'absent'})
 */
export function apt(what: string | readonly string[] | (AptSpec & TaskOptions), options?: TaskOptions): Task;
export function apt(what: string | readonly string[] | (AptSpec & TaskOptions), ...more: readonly unknown[]): Task {
  if (typeof more[0] === 'string') throw new InputError([severalPackages()]);
  const options = secondOptions<TaskOptions>(TASK_OPTIONS, more, {what: 'apt'});
  return packages({...(isSpec(what) ? what : {packages: what}), ...options});
}

const severalPackages = () => ({
  message: 'apt takes several packages as one list',
  at: callSite(),
  hint: "Write apt(['nginx', 'haproxy']).",
});

// Array.isArray does not narrow readonly arrays away.
const isSpec = (what: string | readonly string[] | AptSpec): what is AptSpec => check.isObject(what);

const packages = defineTask<AptSpec, PackagesState, Ready>({
  type: 'apt',
  options: optionsOf<AptSpec>({
    packages: check.oneOrMany(check.text),
    state: check.optional(check.oneOf('present', 'absent', 'latest')),
    recommends: check.optional(check.flag),
    cacheMaxAge: seconds,
    lockTimeout: seconds,
  }),
  id: (spec) => [spec.packages].flat().join(' '),
  refuse: faultIn,
  prepare: withDefaults,
  probe: (ready) => (ready.state === 'absent' ? removeProbe(ready) : installProbe(ready)),
  parse: (reply, ready) => {
    const report = parseReport(reply);
    return excessOf(report, ready) ?? presentPackages(report, ready);
  },
  desire: (ready, present) => present && desiredPackages(ready, present),
  change: (ready, to, present) =>
    (ready.state === 'absent' ? removeCommands : installCommands)(ready, to ?? {}, present ?? {}),
  action: (diff) => {
    if (diff.some(({after}) => after === 'absent')) return 'delete';
    return diff.every(({before}) => before === 'absent') ? 'create' : 'update';
  },
  affects: (spec) => [ANYTHING, ANYTHING_NEW, ...namesIn(spec).flatMap((name) => [`package:${name}`, `unit:${name}`])],
  // Where packages come from decides which version comes.
  needs: (spec) => [...namesIn(spec).map((name) => `package:${name}`), '/etc/apt'],
  hint: ({stdout, stderr}) => hint(`${stdout}\n${stderr}`),
});

withCallee(apt, () => calleeOf(packages) ?? {what: 'apt', names: [], issues: () => []});

const namesIn = ({packages}: AptSpec) => [packages].flat().map((name) => name.replace(/[:=/].*/, ''));

function excessOf({removals}: AptReport, {packages}: Ready): Unknown | undefined {
  const named = packages.flatMap(({name}) => [name, name.replace(/:.*/, '')]);
  const others = removals.filter((name) => !named.includes(name));
  if (others.length === 0) return undefined;
  return new Unknown(`it would also remove or install packages that are not named: ${others.join(', ')}`);
}
