import {planFailover} from '../../database/failover.js';
import {planRejoin} from '../../database/rejoin.js';
import {planSwitchover} from '../../database/switchover.js';
import type {Project} from '../../local/project.js';
import type {OperationOptions} from './options.js';
import {operate} from './run-operation.js';

/** Makes a replica the primary while both are up. `to`: its name. Returns the exit code. */
export function switchOver(project: Project, to: string | undefined, options: OperationOptions): Promise<number> {
  return operate(project, options, (site, run) => planSwitchover(site, to, run));
}

/** Makes a replica the primary whose primary is down. Returns the exit code. */
export function failOver(project: Project, to: string | undefined, options: OperationOptions): Promise<number> {
  const {acceptLoss = false} = options;
  return operate(project, options, (site, run) => planFailover(site, {to, run, acceptLoss}));
}

/** Attaches a server to the primary again. Returns the exit code. */
export function rejoin(project: Project, name: string, options: OperationOptions): Promise<number> {
  return operate(project, options, (site, run) => planRejoin(site, name, run, () => []));
}
