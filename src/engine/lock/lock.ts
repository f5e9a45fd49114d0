import {setTimeout as sleep} from 'node:timers/promises';
import {hasEnded, machineKey, processId} from '../../local/this-machine.js';
import {type Failure, hasChanges, type Listener} from '../../model/index.js';
import {raw, sh} from '../../shell/index.js';
import {failureOf} from '../host-boundary.js';
import {type HostRun, Interrupted, type RunControl} from '../host-run.js';
import {LOCK_FILE, STATE_DIRECTORY} from './pending-handlers.js';

/** Which hosts could be locked. A host without changes is not locked, and is in neither list. */
export interface Locked {
  /** Why hosts cannot be changed, by name. When another run holds one, all of them are here. */
  readonly failures: ReadonlyMap<string, Failure>;
  /** Hosts that another run has had since they were read. */
  readonly touched: ReadonlySet<string>;
}

/**
 * Locks every host that has changes, before the first change on any: all of them or, when another run holds one, none.
 * Then it tries again until `control.lockTimeout` is over; in the meantime it holds none, so that two runs that want
 * the same hosts cannot wait for each other. The remote loop itself holds the lock on file descriptor 9, so that it
 * ends with the connection. Rejects with `Interrupted`.
 */
export function lockAll(runs: readonly HostRun[], control: RunControl, listener: Listener): Promise<Locked> {
  return lockHosts(
    runs.filter(({judged}) => hasChanges(judged)),
    control,
    listener,
  );
}

/** A host that can be locked. */
export type Lockable = Pick<HostRun, 'host' | 'connection' | 'lastRun'>;

/** What locking needs to know of a run. */
export type LockControl = Pick<RunControl, 'id' | 'owner' | 'lockTimeout' | 'stop'>;

/** As {@link lockAll}, for hosts with or without a plan. */
export async function lockHosts(
  wanted: readonly Lockable[],
  control: LockControl,
  listener: Listener,
): Promise<Locked> {
  const deadline = performance.now() + control.lockTimeout * 1000;
  const reported = new Set<string>();
  for (;;) {
    if (control.stop.aborted) throw new Interrupted();
    const attempts = await Promise.all(wanted.map((run) => attempt(run, control)));
    const held = attempts.filter(({holder}) => holder !== undefined);
    if (held.length === 0) return outcomeOf(attempts);
    await Promise.all(attempts.map(({run, mine}) => mine !== undefined && unlock(run)));
    if (performance.now() >= deadline) return refuseAll(attempts, held);
    for (const {run, holder = ''} of held) {
      const because = `waiting for ${holder}`;
      if (!reported.has(run.host.name)) listener({type: 'host-waiting', host: run.host.name, because});
      reported.add(run.host.name);
    }
    // At random, so that two runs do not meet again and again.
    await sleep(Math.min(500 + Math.random() * 1000, Math.max(0, deadline - performance.now())));
  }
}

/** Seconds for locking or unlocking a host: all others wait for it. */
const SECONDS = 60;

interface Attempt {
  readonly run: Lockable;
  /** It is locked for this run; the text names the run that had it before. */
  readonly mine?: string;
  /** Another run has it: who that is. */
  readonly holder?: string;
  readonly failure?: Failure;
}

async function attempt(run: Lockable, control: LockControl): Promise<Attempt> {
  try {
    return await tryLock(run, control, true);
  } catch (error) {
    return {run, failure: failureOf(error)};
  }
}

async function tryLock(run: Lockable, control: LockControl, mayEnd: boolean): Promise<Attempt> {
  const who = `${control.owner}, run ${control.id}, process ${processId}, since ${new Date().toISOString()}`;
  const {code, stdout, stderr} = await run.connection.keep(lockCommand(who, control.id, run.host.name), {
    within: SECONDS,
  });
  const [first = '', second = ''] = stdout.split('\n');
  if (code === 0) return {run, mine: second};
  if (code !== HELD) return {run, failure: cannotLock(stderr)};
  const [machine, id, group, holdersRun, ...twin] = second.split(' ');
  if (holdersRun === control.id) return {run, failure: sameServer(twin.join(' '))};
  if (mayEnd && machine === machineKey() && hasEnded(Number(id)) && isGroup(group)) {
    await endGroup(run, Number(group));
    return tryLock(run, control, false);
  }
  return {run, holder: first.slice(0, LONGEST_HOLDER) || 'a run that left no name'};
}

/** Characters: it is part of the messages of all hosts. */
const LONGEST_HOLDER = 200;

/** Not 0 or 1, which mean the sender's own group and every process. */
const isGroup = (text = '') => /^\d{1,9}$/.test(text) && Number(text) > 1;

/** Exit code of an attempt at a lock that another run has. */
const HELD = 75;

/**
 * Prints the lock file: who has the host, or who had it before. Then this run has the lock, or another one does (exit
 * code HELD). A run that has just taken it needs a moment to write its name. The lock is opened in the remote loop
 * itself; everything else runs in a subshell, of which nothing stays.
 */
function lockCommand(who: string, id: string, host: string) {
  const note = sh`printf '%s\n' ${who} ${`${machineKey()} ${processId} `}"$group "${`${id} ${host}`} >${LOCK_FILE}`;
  return sh`if (umask 077 && mkdir -p ${STATE_DIRECTORY}) && command exec 9>>${LOCK_FILE}; then
(flock -n 9 || { sleep 0.3; cat ${LOCK_FILE}; exit ${HELD}; }; cat ${LOCK_FILE}
read -r group group group group group rest </proc/self/stat; ${note}
${DELETE_LEFT_BEHIND}); r=$?; [ $r = 0 ] || { command exec 9>&-; (exit $r); }
else false; fi`;
}

/**
 * Deletes directories of connections that a crash left: no process has their number and start
 * (`transport/bootstrap.ts`).
 */
const DELETE_LEFT_BEHIND = raw(`for u in /run/infra/*.* /var/lib/infra/uploads/*.*; do
[ -d "$u" ] || continue; p=\${u##*/} s=; { IFS= read -r s <"/proc/\${p%.*}/stat"; } 2>/dev/null; set -- $s
[ "\${22}" = "\${p#*.}" ] || rm -rf -- "$u"; done`);

const unlock = ({connection}: Lockable) => connection.keep(raw('command exec 9>&-'), {within: SECONDS}).catch(() => {});

/**
 * Ends what is left on the host of a run of this machine whose process is gone: the network was cut, so the host has
 * not noticed that the connection ended.
 */
async function endGroup({connection}: Lockable, group: number): Promise<void> {
  const gone = sh`kill -TERM ${-group}; for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 ${-group} || exit 0; sleep 0.2; done`;
  await connection.run([{command: sh`(${gone}) 2>/dev/null`, required: false}], {within: 30});
}

function outcomeOf(attempts: readonly Attempt[]): Locked {
  const failures = attempts.flatMap(({run, failure}) => (failure ? [[run.host.name, failure] as const] : []));
  const touched = attempts.filter(({run, mine}) => mine !== undefined && mine !== run.lastRun);
  return {failures: new Map(failures), touched: new Set(touched.map(({run}) => run.host.name))};
}

function refuseAll(attempts: readonly Attempt[], held: readonly Attempt[]): Locked {
  const others = `nothing was done here: another run has ${held.map(({run}) => run.host.name).join(', ')}`;
  const failures = attempts.map(({run, holder, failure}) => {
    const message = holder === undefined ? others : `another run has the host: ${holder}`;
    return [run.host.name, failure ?? locked(message)] as const;
  });
  return {failures: new Map(failures), touched: new Set()};
}

function locked(message: string): Failure {
  const hint = `Nothing was changed on any host. Try again later, or wait for the other run: infra apply --lock-timeout 600
A lock ends with the connection of its run, after a minute at the latest, so none is ever left behind.`;
  return {reason: 'locked', message, hint};
}

/** This run itself has the lock, for another host of the inventory. */
function sameServer(twin: string): Failure {
  return {
    reason: 'locked',
    message: `it is the same server as ${twin}`,
    hint: 'The inventory has it under two names. Remove one of them, or fix its address.',
  };
}

function cannotLock(output: string): Failure {
  const hint = 'Check whether the disk of the host is full or read-only.';
  return {reason: 'locked', message: `${LOCK_FILE} cannot be made on the host`, hint, output: output.trim()};
}
