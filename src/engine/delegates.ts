import {type Failure, hasChanges, type Listener} from '../model/index.js';
import type {HostRun} from './host-run.js';

/** Names of the hosts on which other hosts' tasks will change something for this one. */
export function delegatesOf({judged}: HostRun): readonly string[] {
  const changing = judged.tasks.filter(({verdict}) => verdict.type !== 'unchanged');
  return [...new Set(changing.flatMap(({task}) => task.delegateTo ?? []))];
}

/** What has to be taken for the run: its hosts, and those that are changed only on behalf of others. */
export function withDelegates(runs: readonly HostRun[]): readonly HostRun[] {
  const taken = new Set(runs.filter(({judged}) => hasChanges(judged)).map(({host}) => host.name));
  const more = new Map<string, HostRun>();
  for (const run of runs) {
    for (const name of delegatesOf(run).filter((each) => !taken.has(each))) {
      const delegate = run.others.get(name);
      const own = runs.find(({host}) => host.name === name);
      const tasks = run.judged.tasks.filter(({task}) => task.delegateTo === name);
      if (!delegate) continue;
      const {host, connection} = delegate;
      const lastRun = own?.lastRun ?? '';
      more.set(name, {
        host,
        connection,
        others: new Map(),
        plays: [],
        answers: [],
        lastRun,
        judged: {host, tasks, handlers: []},
        describer: run.describer,
      });
    }
  }
  return [...runs.filter(({host}) => !more.has(host.name)), ...more.values()];
}

/** Why a host cannot be changed: itself, or one on which something is to be done for it. */
export function refusalOf(run: HostRun, failures: ReadonlyMap<string, Failure>): Failure | undefined {
  const names = [run.host.name, ...delegatesOf(run)];
  return names.map((name) => failures.get(name)).find((failure) => failure !== undefined);
}

/** Leaves out what happens on hosts that the run is not about: nobody waits for their end. */
export function onlyOf(runs: readonly HostRun[], listener: Listener): Listener {
  const names = new Set(runs.map(({host}) => host.name));
  return (event) => {
    if (names.has(event.host)) listener(event);
  };
}
