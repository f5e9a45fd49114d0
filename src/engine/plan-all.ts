import {
  type Environment,
  type Failure,
  type Host,
  HostError,
  type HostPlan,
  hasChanges,
  type Inventory,
  type Listener,
  type Play,
  taskName,
} from '../model/index.js';
import {playsLedBy, rolloutsOf} from './cast.js';
import {openTasks, playsOf, type TaskList} from './compile.js';
import {compileKnowing, needing} from './facts-of.js';
import {Fleet} from './fleet.js';
import {gather} from './gather.js';
import type {HostRun} from './host-run.js';
import {planHost} from './plan-host.js';
import {type Reached, reach} from './reach.js';
import {checkTags, findStart, type Selection, selectTasks} from './select.js';

/** What a plan is made from. */
export interface PlanRequest {
  readonly plays: readonly Play[];
  readonly inventory: Inventory;
  /** Those to plan; the inventory may hold more, which templates still see. */
  readonly hosts: readonly Host[];
  /** Default: all tasks but those tagged `never`. */
  readonly selection?: Selection;
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
  /** Ends the connections of the whole plan, those to hosts that others needed too. Never rejects. */
  close(): Promise<void>;
}

/**
 * Connects to all hosts at once, reads facts and states, and plans. Never rejects for a host; rejects with `InputError`
 * for what a role or a template refuses, and for tags and tasks that are asked for and do not exist. The connections
 * stay open for an apply: close them.
 */
export async function planAll(request: PlanRequest): Promise<readonly Planned[]> {
  const fleet = new Fleet(request.reach ?? reach);
  const {hosts, selection = {}} = request;
  const order = request.plays.map(({name}) => name);
  const compiling = hosts.map((host) => compileOne(host, request, fleet));
  // Only a task to start at makes hosts wait for each other.
  const lists = selection.startAt === undefined ? [] : (await Promise.all(compiling)).map((each) => each.lists);
  const startPlay = findStart(selection.startAt, lists, order);
  const select = ({host, lists}: Compiled) =>
    selectTasks(lists, selection, {startPlay, leads: playsLedBy(host, request)}, order);
  const planned = await Promise.all(
    compiling.map(async (each) => planOne(await each, select(await each), request, fleet)),
  );
  const compiled = await Promise.all(compiling);
  if (compiled.every(({failure}) => failure === undefined)) {
    checkTags(
      selection,
      compiled.flatMap((each) => each.lists.flatMap(({tasks}) => tasks)),
    );
  }
  return planned;
}

/** A host that was reached, and its tasks; or why not. */
interface Compiled {
  readonly host: Host;
  /** When it was begun, in milliseconds. */
  readonly since: number;
  readonly reached?: Reached;
  readonly lists: readonly TaskList[];
  readonly failure?: Failure;
}

async function compileOne(host: Host, request: PlanRequest, fleet: Fleet): Promise<Compiled> {
  const {inventory, plays, listener} = request;
  const since = Date.now();
  listener({type: 'host-connecting', host: host.name});
  try {
    const reached = await fleet.reach(host);
    listener({type: 'host-connected', host: host.name, seconds: (Date.now() - since) / 1000});
    const group = (name: string) => inventory.groups.get(name) ?? [];
    const lists = await compileKnowing(plays, {host, facts: reached.facts, inventory, group}, fleet);
    return {host, since, reached, lists};
  } catch (error) {
    return {host, since, lists: [], failure: failureOf(error)};
  }
}

async function planOne(
  {host, since, reached, failure}: Compiled,
  lists: readonly TaskList[],
  request: PlanRequest,
  fleet: Fleet,
): Promise<Planned> {
  const {listener} = request;
  const plays = playsOf(host, request.plays, request.inventory).map(({name}) => name);
  const close = () => fleet.close();
  const fail = (failure: Failure): Planned => {
    listener({type: 'host-failed', host: host.name, failure});
    return {plan: {host, tasks: [], handlers: [], failure}, run: undefined, plays, close};
  };
  if (!reached) return fail(failure ?? unexplained(host));
  try {
    const run = await readAndPlan(host, reached, lists, request, fleet);
    if (run.plan.failure) return fail(run.plan.failure);
    const seconds = (Date.now() - since) / 1000;
    listener({type: 'host-planned', host: host.name, seconds, ...countsOf(run.plan)});
    return {plan: run.plan, run, plays, close};
  } catch (error) {
    return fail(failureOf(error));
  }
}

function countsOf(plan: HostPlan) {
  const changes = plan.tasks.filter(({verdict}) => verdict.type !== 'unchanged').length;
  const skipped = (plan.skipped ?? []).map(({play, task, because}) => ({play, task: taskName(task), because}));
  return {
    changes: hasChanges(plan) ? changes : 0,
    unchanged: plan.tasks.length - changes,
    ...(skipped.length > 0 && {skipped}),
  };
}

async function readAndPlan(
  host: Host,
  {connection}: Reached,
  lists: readonly TaskList[],
  request: PlanRequest,
  fleet: Fleet,
): Promise<HostRun> {
  const {inventory, environment} = request;
  const plays = openTasks(lists, inventory, environment);
  const others = await reachDelegates(lists, inventory, fleet);
  const gathered = await gather({connection, others}, plays);
  const plan = planHost(host, plays, gathered);
  return {host, connection, others, plays, lastRun: gathered.lastRun, plan: {...plan, rollouts: rolloutsOf(request)}};
}

async function reachDelegates(lists: readonly TaskList[], {hosts}: Inventory, fleet: Fleet) {
  const names = lists.flatMap(({tasks}) => tasks.flatMap(({delegateTo}) => delegateTo ?? []));
  const delegates = hosts.filter(({name}) => names.includes(name));
  const reaching = delegates.map(async (other) => {
    const delegate = await needing(other, 'to do a task on', fleet.delegate(other));
    return [other.name, delegate] as const;
  });
  return new Map(await Promise.all(reaching));
}

function failureOf(error: unknown): Failure {
  if (error instanceof HostError) return error.failure;
  throw error;
}

function unexplained({name}: Host): never {
  throw new Error(`${name} was not reached, and nothing says why`);
}
