import {
  type Environment,
  type Host,
  HostError,
  type HostPlan,
  hasChanges,
  type Inventory,
  type Listener,
  type Play,
} from '../model/index.js';
import {compileHost, playsOf} from './compile.js';
import {gather} from './gather.js';
import type {HostRun} from './host-run.js';
import {planHost} from './plan-host.js';
import {type Reached, reach} from './reach.js';

/** What a plan is made from. */
export interface PlanRequest {
  readonly plays: readonly Play[];
  readonly inventory: Inventory;
  /** Those to plan; the inventory may hold more, which templates still see. */
  readonly hosts: readonly Host[];
  readonly environment: Environment;
  readonly listener: Listener;
  /** In place of the engine's own, when connections were begun before. */
  readonly reach?: typeof reach;
}

/** A host that was planned, or that could not be: then its plan holds the failure and there is no run. */
export interface Planned {
  readonly plan: HostPlan;
  readonly run: HostRun | undefined;
  /** Names of the plays it takes part in. */
  readonly plays: readonly string[];
}

/**
 * Connects to all hosts at once, reads facts and states, and plans. Never rejects for a host; rejects with `InputError`
 * for what a role or a template refuses. The connections stay open for an apply: close them.
 */
export function planAll(request: PlanRequest): Promise<readonly Planned[]> {
  return Promise.all(request.hosts.map((host) => planOne(host, request)));
}

async function planOne(host: Host, request: PlanRequest): Promise<Planned> {
  const {listener} = request;
  const plays = playsOf(host, request.plays, request.inventory).map(({name}) => name);
  const since = Date.now();
  listener({type: 'host-connecting', host: host.name});
  let reached: Reached | undefined;
  try {
    reached = await (request.reach ?? reach)(host);
    listener({type: 'host-connected', host: host.name, seconds: (Date.now() - since) / 1000});
    const run = await readAndPlan(host, reached, request);
    const changes = run.plan.tasks.filter(({verdict}) => verdict.type !== 'unchanged').length;
    const seconds = (Date.now() - since) / 1000;
    if (run.plan.failure) await reached.connection.close();
    if (run.plan.failure) listener({type: 'host-failed', host: host.name, failure: run.plan.failure});
    else listener({type: 'host-planned', host: host.name, changes: hasChanges(run.plan) ? changes : 0, seconds});
    return {plan: run.plan, run: run.plan.failure ? undefined : run, plays};
  } catch (error) {
    await reached?.connection.close();
    if (!(error instanceof HostError)) throw error;
    listener({type: 'host-failed', host: host.name, failure: error.failure});
    return {plan: {host, tasks: [], handlers: [], failure: error.failure}, run: undefined, plays};
  }
}

async function readAndPlan(host: Host, {connection, facts}: Reached, request: PlanRequest): Promise<HostRun> {
  const {inventory, plays, environment} = request;
  const group = (name: string) => inventory.groups.get(name) ?? [];
  const compiled = compileHost(plays, {host, facts, inventory, group}, environment);
  const plan = planHost(host, compiled, await gather(connection, compiled));
  return {host, connection, plays: compiled, plan};
}
