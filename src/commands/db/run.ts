import {planFailover} from '../../database/failover.js';
import {planRejoin} from '../../database/rejoin.js';
import {measureProbe, parseMeasured} from '../../database/seed/measure.js';
import {planSeed} from '../../database/seed/plan-seed.js';
import {forgetStep, seedSteps} from '../../database/seed/seed-steps.js';
import {planSwitchover} from '../../database/switchover.js';
import type {Project} from '../../local/project.js';
import type {OperationOptions, SeedOptions} from './options.js';
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
  return operate(project, options, (site, run) =>
    planRejoin(site, name, run, (node, primary) => {
      const seeding = {site, node, donor: primary, primary};
      return [...seedSteps(seeding), forgetStep(seeding)];
    }),
  );
}

/** Seconds to count the bytes of a large data directory. */
const MEASURE_WITHIN = 300;

/** Replaces the data of a server by a copy of another one. Returns the exit code. */
export function seed(project: Project, name: string, options: SeedOptions): Promise<number> {
  const {from, rate, compare: compares = true} = options;
  return operate(project, options, (site, run, _, hosts) =>
    planSeed(site, {name, from, rate: rate === undefined ? undefined : rate * 1e6, run, compares}, async ({host}) =>
      parseMeasured(await hosts.ask(host.name, measureProbe, {seconds: MEASURE_WITHIN})),
    ),
  );
}
