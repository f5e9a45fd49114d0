import {spawn} from 'node:child_process';
import {once} from 'node:events';
import test, {type ExecutionContext} from 'ava';
import {type HostRun, Interrupted} from '../../../src/engine/host-run.js';
import {lockAll} from '../../../src/engine/lock/lock.js';
import {machineKey} from '../../../src/local/this-machine.js';
import type {RunEvent} from '../../../src/model/index.js';
import {raw} from '../../../src/shell/index.js';
import {command} from '../../../src/tasks/index.js';
import type {Connection} from '../../../src/transport/index.js';
import type {RecordedAnswer} from '../../../src/transport/recorded/index.js';
import {applyHere, directory, machine, rootTest} from '../here.js';
import {LOCK, planOver, type RecordedAnswers, reads, STATE, thing} from '../scene.js';

/** What the lock file says of who has it: for people, then for machines. */
const heldBy = (who: string, second: string): RecordedAnswer => ({...LOCK, code: 75, stdout: `${who}\n${second}\n`});
const OTHER = heldBy('her@there, run run-0', 'machine 12 34 run-0 h1');
const UNLOCK = {to: 'command exec 9>&-'};

interface Given {
  readonly lockTimeout?: number;
  readonly stop?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** Takes hosts with a change each, whose locks answer so. */
async function locking(answers: Readonly<Record<string, RecordedAnswers>>, {onEvent, ...control}: Given = {}) {
  const whole = Object.entries(answers).map(
    ([name, own]) => [name, [reads('a', 'old'), ...own, LOCK, UNLOCK]] as const,
  );
  const scene = await planOver({items: [thing({name: 'a'})], answers: Object.fromEntries(whole), control});
  const runs = scene.planned.flatMap(({run}): HostRun[] => (run ? [run] : []));
  const events: RunEvent[] = [];
  const taking = lockAll(runs, scene.control, (event) => {
    events.push(event);
    onEvent?.(event);
  });
  return {taking, events, scripts: scene.scripts, transport: scene.transport};
}

const reasons = (failures: ReadonlyMap<string, {readonly reason: string; readonly message: string}>) =>
  [...failures].map(([name, {reason, message}]) => `${name} ${reason}: ${message}`);

test('every host with changes is taken by name, and says who has it', async (t) => {
  const {taking, scripts, transport} = await locking({h1: [], h2: []});
  t.deepEqual(await taking, {failures: new Map(), touched: new Set()});
  t.deepEqual(scripts(), ['lock', 'h2: lock']);
  const kept = transport.asked.flatMap((each) => (each.type === 'keep' ? each.steps : []));
  t.regex(kept[0] ?? '', /'me@here, run run-1, process \d+, since \d{4}-/);
  t.regex(kept[1] ?? '', /'run-1 h2'/);
});

test('a host without changes is not taken', async (t) => {
  const {planned, control, scripts} = await planOver({items: [thing({name: 'a'})], answers: [reads('a', 'new')]});
  const runs = planned.flatMap(({run}) => run ?? []);
  t.is((await lockAll(runs, control, () => {})).failures.size, 0);
  t.deepEqual(scripts(), []);
});

test('a host that another run has had since it was read is reported', async (t) => {
  const before = {...STATE, stdout: '. machine 1 2 run-0 h1\n'};
  const {taking} = await locking({
    h1: [before, {...LOCK, stdout: 'who\nmachine 1 2 run-0 h1\n'}],
    h2: [before, {...LOCK, stdout: 'who\nmachine 3 4 run-9 h2\n'}],
  });
  t.deepEqual((await taking).touched, new Set(['h2']));
});

test('when another run has one host, none is taken: those that were are given back', async (t) => {
  const {taking, scripts} = await locking({h1: [], h2: [OTHER]});
  const {failures} = await taking;
  t.deepEqual(reasons(failures), [
    'h1 locked: nothing was done here: another run has h2',
    'h2 locked: another run has the host: her@there, run run-0',
  ]);
  t.deepEqual(scripts(), ['lock', 'h2: lock', 'unlock']);
});

test('it is waited for as long as that was asked for, and told once', async (t) => {
  const {taking, events} = await locking({h1: [{...OTHER, times: 2}]}, {lockTimeout: 30});
  t.is((await taking).failures.size, 0);
  t.deepEqual(events, [{type: 'host-waiting', host: 'h1', because: 'waiting for her@there, run run-0'}]);
});

test('a stop ends the waiting', async (t) => {
  const stopping = new AbortController();
  const onEvent = () => stopping.abort();
  const {taking} = await locking({h1: [OTHER]}, {lockTimeout: 30, stop: stopping.signal, onEvent});
  await t.throwsAsync(taking, {instanceOf: Interrupted});
});

test('a holder that says nothing of itself is still one', async (t) => {
  const {taking} = await locking({h1: [{...LOCK, code: 75}]});
  t.regex([...(await taking).failures.values()][0]?.message ?? '', /a run that left no name/);
});

test('one server under two names is reported by the name that has it already', async (t) => {
  const {taking} = await locking({h1: [], h2: [heldBy('me@here', 'machine 1 2 run-1 h1')]});
  t.deepEqual(reasons((await taking).failures), ['h2 locked: it is the same server as h1']);
});

test('a lock that cannot be made is a failure of that host, and so is a lost connection', async (t) => {
  const lost = {reason: 'connection-lost', message: 'lost'} as const;
  const {taking} = await locking({
    h1: [{...LOCK, code: 1, stderr: 'Read-only file system\n'}],
    h2: [{...LOCK, instead: lost}],
    h3: [],
  });
  const {failures} = await taking;
  t.like(failures.get('h1'), {reason: 'locked', output: 'Read-only file system'});
  t.like(failures.get('h2'), lost);
  t.is(failures.get('h3'), undefined);
});

/** The number of a process of this machine that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn('true');
  await once(child, 'close');
  return child.pid ?? 0;
}

test('what a run of this machine has left, whose process is gone, is ended, and its lock taken', async (t) => {
  const dead = heldBy('me@here, run run-0', `${machineKey()} ${await endedProcess()} 4711 run-0 h1`);
  const {taking, transport} = await locking({h1: [{...dead, times: 1}, {to: 'kill -TERM -4711'}]});
  t.is((await taking).failures.size, 0);
  const types = transport.asked.flatMap((each) => (each.type === 'run' || each.type === 'keep' ? each.type : []));
  t.deepEqual(types.slice(-3), ['keep', 'run', 'keep']);
});

test('no process group is ended that is not known to be of a run that is gone', async (t) => {
  const gone = await endedProcess();
  const seconds = [
    // Alive; of another machine; the sender's own group and every process; no number.
    `${machineKey()} ${process.pid} 4711 run-0 h1`,
    `elsewhere ${gone} 4711 run-0 h1`,
    ...['0', '1', '-1', '4711;reboot', ''].map((group) => `${machineKey()} ${gone} ${group} run-0 h1`),
  ];
  for (const second of seconds) {
    const {taking} = await locking({h1: [heldBy('x', second)]});
    t.is((await taking).failures.get('h1')?.reason, 'locked', second);
  }
});

/** Two connections to one disk. */
async function twins(t: ExecutionContext, at: string): Promise<readonly [Connection, Connection]> {
  const both = await Promise.all([machine(), machine()]);
  t.teardown(() => Promise.all(both.map(({connection}) => connection.close())));
  const [one, two] = both.map(({connection}) => connection);
  if (!one || !two) throw new Error('there are two');
  for (const each of [one, two]) await each.run([{command: raw(`mount --bind ${at} /var/lib`), required: true}]);
  return [one, two];
}

rootTest('in a real shell a lock is held for the whole run, and ends with its connection', async (t) => {
  const [one, two] = await twins(t, directory(t));
  const {planned, control} = await planOver({items: [thing({name: 'a'})], answers: [reads('a', 'old')]});
  const [run] = planned.flatMap((each) => each.run ?? []);
  if (!run) return t.fail();
  const take = async (connection: Connection, id: string) => {
    const {failures} = await lockAll([{...run, connection}], {...control, id}, () => {});
    return failures.get('h1')?.message;
  };
  t.is(await take(one, 'run-1'), undefined);
  // Scripts of the holder leave it alone.
  await one.run([{command: raw('exec 9>&-; true'), required: true}]);
  t.regex((await take(two, 'run-2')) ?? '', /another run has the host: me@here, run run-1, process/);
  await one.close();
  const {failures} = await lockAll([{...run, connection: two}], {...control, id: 'run-2', lockTimeout: 20}, () => {});
  return t.is(failures.size, 0);
});

rootTest(
  'in a real shell a run takes its host, and another one that comes in the meantime changes nothing',
  async (t) => {
    const at = directory(t);
    const [one, two] = await twins(t, directory(t));
    const machines = [one, two].map((connection) => new Map([['h1', {connection, scripts: []}]]));
    const items = [command({command: `sleep 1; echo x >>${at}/done`})];
    const first = applyHere(t, items, {machines: machines[0] ?? new Map(), id: 'run-1'});
    const second = applyHere(t, items, {machines: machines[1] ?? new Map(), id: 'run-2'});
    const reached = (await Promise.all([first, second])).map(({failures}) => failures.get('h1')?.reason);
    t.deepEqual(reached.toSorted(), ['locked', undefined]);
  },
);
