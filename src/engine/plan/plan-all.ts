import {Describer} from '../../diff/index.js';
import {
  type Environment,
  type Failure,
  groupsOf,
  type Host,
  type HostError,
  type HostPlan,
  hasChanges,
  type Inventory,
  type JudgedHost,
  type Listener,
  type Play,
  taskName,
} from '../../model/index.js';
import {answerOf} from '../../shell/index.js';
import type {Transport} from '../../transport/index.js';
import {openTasks, type TaskList} from '../compile/compile.js';
import {playsLedBy, playsOf, rolloutsOf} from '../compile/plays.js';
import {checkTags, findStart, type Selection, selectTasks} from '../compile/select.js';
import {compileWithFacts, needed} from '../compile/with-facts.js';
import {HostPool, type ReachedHost, reach} from '../connect/host-pool.js';
import {hostErrorOf, refuseFiles} from '../host-boundary.js';
import type {HostRun} from '../host-run.js';
import {gather} from './gather.js';
import {planHost} from './plan-host.js';

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
  readonly transport: Transport;
  /**
   * Puts `(sensitive)` over every secret in a text. Called when all hosts are read and no role names another secret.
   */
  readonly mask?: (text: string) => string;
  /** In place of the engine's own, when connections were opened before. */
  readonly reach?: typeof reach;
}

/**
 * A host that was planned, or that could not be: then its plan holds the failure and what could be read of its tasks,
 * and there is no run.
 */
export interface Planned {
  /** For people and files. */
  readonly plan: HostPlan;
  /** What the plan was made from. */
  readonly judged: JudgedHost;
  readonly run: HostRun | undefined;
  /** Names of the plays it takes part in. */
  readonly plays: readonly string[];
  /** Ends the connections of the whole plan, also those to hosts that others needed. Never rejects. */
  close(): Promise<void>;
}

/**
 * Connects to all hosts at once, reads facts and states, and plans. Whatever goes wrong with a host is that host's
 * failure. Rejects with `InputError` for tags and tasks that are asked for and do not exist, and with what a role or a
 * template threw when it did so for every host of the run: then the files are wrong, and no host could be planned. The
 * connections stay open for an apply: close them; when this rejects, they are closed.
 */
export async function planAll(request: PlanRequest): Promise<readonly Planned[]> {
  const {transport, reach: reachHost = reach} = request;
  const pool = new HostPool((host) => reachHost(host, transport));
  try {
    return await planWith(request, pool);
  } catch (error) {
    await pool.close();
    throw error;
  }
}

async function planWith(request: PlanRequest, pool: HostPool): Promise<readonly Planned[]> {
  const {hosts, selection = {}} = request;
  const order = request.plays.map(({name}) => name);
  const describer = new Describer(request.mask);
  const compiling = hosts.map((host) => compileOne(host, request, pool));
  // Only a task to start at makes hosts wait for each other.
  const lists = selection.startAt === undefined ? [] : (await Promise.all(compiling)).map((each) => each.lists);
  const startPlay = findStart(selection.startAt, lists, order);
  const select = ({host, lists}: Compiled) =>
    selectTasks(lists, selection, {startPlay, leads: playsLedBy(host, request)}, order);
  const settled = await Promise.all(
    compiling.map(async (each) => planOne(await each, select(await each), {request, pool, describer})),
  );
  refuseFiles(settled.map(({error}) => error));
  const compiled = await Promise.all(compiling);
  if (compiled.every(({error}) => error === undefined)) {
    checkTags(
      selection,
      compiled.flatMap((each) => each.lists.flatMap(({tasks}) => tasks)),
    );
  }
  return settled.map(({planned}) => ({...planned, plan: describer.host(planned.judged)}));
}

/** What all hosts of a plan share. */
interface Planning {
  readonly request: PlanRequest;
  readonly pool: HostPool;
  readonly describer: Describer;
}

/** A host that was reached, and its tasks; or why not. */
interface Compiled {
  readonly host: Host;
  /** When it was begun, in milliseconds. */
  readonly since: number;
  readonly reached?: ReachedHost;
  readonly lists: readonly TaskList[];
  readonly error?: HostError;
}

/** A host, planned or not, and the error where nothing at all is known of it. */
interface Settled {
  readonly planned: Omit<Planned, 'plan'>;
  readonly error?: HostError;
}

async function compileOne(host: Host, request: PlanRequest, pool: HostPool): Promise<Compiled> {
  const {inventory, plays, listener} = request;
  const since = performance.now();
  listener({type: 'host-connecting', host: host.name});
  try {
    const reached = await pool.reach(host);
    listener({type: 'host-connected', host: host.name, seconds: (performance.now() - since) / 1000});
    const own = {host, facts: reached.facts, inventory, group: groupsOf(inventory)};
    const lists = await compileWithFacts(plays, own, pool);
    return {host, since, reached, lists};
  } catch (error) {
    return {host, since, lists: [], error: hostErrorOf(error)};
  }
}

async function planOne({host, since, reached, error}: Compiled, lists: readonly TaskList[], planning: Planning) {
  const {listener, inventory, plays: all} = planning.request;
  const plays = playsOf(host, all, inventory).map(({name}) => name);
  const close = () => planning.pool.close();
  const fail = (failure: Failure, judged: JudgedHost = {host, tasks: [], handlers: []}): Settled['planned'] => {
    listener({type: 'host-failed', host: host.name, failure});
    return {judged: {...judged, failure}, run: undefined, plays, close};
  };
  try {
    if (!reached) throw error ?? new Error(`${host.name} was not reached, and nothing says why`);
    const run = await readAndPlan(host, reached, lists, planning);
    const {judged} = run;
    if (judged.failure) return {planned: fail(judged.failure, judged)};
    const seconds = (performance.now() - since) / 1000;
    listener({type: 'host-planned', host: host.name, seconds, ...countsOf(judged)});
    return {planned: {judged, run, plays, close}};
  } catch (thrown) {
    const known = hostErrorOf(thrown);
    return {planned: fail(known.failure), error: known};
  }
}

function countsOf(judged: JudgedHost) {
  const changes = judged.tasks.filter(({verdict}) => verdict.type !== 'unchanged').length;
  const skipped = (judged.skipped ?? []).map(({play, task, because}) => ({play, task: taskName(task), because}));
  return {
    changes: hasChanges(judged) ? changes : 0,
    unchanged: judged.tasks.length - changes,
    ...(skipped.length > 0 && {skipped}),
  };
}

async function readAndPlan(
  host: Host,
  {connection}: ReachedHost,
  lists: readonly TaskList[],
  {request, pool, describer}: Planning,
): Promise<HostRun> {
  const {inventory, environment} = request;
  const plays = openTasks(lists, inventory, environment);
  const others = await reachDelegates(lists, inventory, pool);
  const gathered = await gather({connection, others}, plays);
  const planned = planHost(host, plays, gathered);
  const answers = gathered.replies.map((reply) => reply && answerOf(reply));
  const {lastRun} = gathered;
  const order = plays.filter(({needs}) => needs.length > 0).map(({name, needs}) => ({play: name, needs}));
  const judged = {...planned, rollouts: rolloutsOf(request), order};
  return {host, connection, others, plays, answers, lastRun, judged, describer};
}

async function reachDelegates(lists: readonly TaskList[], {hosts}: Inventory, pool: HostPool) {
  const names = lists.flatMap(({tasks}) => tasks.flatMap(({delegateTo}) => delegateTo ?? []));
  const delegates = hosts.filter(({name}) => names.includes(name));
  const reaching = delegates.map(async (other) => {
    const delegate = await needed(other, 'to do a task on', pool.delegate(other));
    return [other.name, delegate] as const;
  });
  return new Map(await Promise.all(reaching));
}
