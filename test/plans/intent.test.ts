import {spawnSync} from 'node:child_process';
import test, {type ExecutionContext} from 'ava';
import {
  defineTask,
  type Handler,
  type JudgedHost,
  type JudgedTask,
  type Rollout,
  type Task,
  type TaskOptions,
  Unknown,
} from '../../src/model/index.js';
import {findDrift} from '../../src/plans/index.js';
import {renderFailure} from '../../src/renderers/index.js';
import {type Command, raw, Secret, sh} from '../../src/shell/index.js';
import {hostNamed} from '../renderers/host-named.js';
import {recordOf} from './live.js';
import {planned, recording} from './planned.js';

interface Given extends TaskOptions {
  readonly change?: Command;
  readonly restore?: Command;
  readonly request?: string;
  readonly unknown?: boolean;
  readonly same?: boolean;
}

/** A task whose present and desired state are always the same; only what it would run differs. */
const thing = defineTask<Given, {on: boolean}>({
  type: 'thing',
  id: () => 'x',
  probe: () => sh`true`,
  parse: (_, {unknown}) => (unknown ? new Unknown('it is not installed') : {on: false}),
  desire: ({same}) => ({on: !same}),
  change: ({change = sh`echo on`, request}) => {
    return request === undefined ? [change] : Object.assign(async () => [change], {request});
  },
  guard: ({restore = sh`true`}) => ({name: 'g', seconds: 9, keep: sh`true`, restore, activate: sh`true`}),
});

const reload = (command: Command, recover?: Command): Handler => ({id: 'reload x', command, ...(recover && {recover})});

function hostOf(tasks: readonly JudgedTask[], schedule: Pick<JudgedHost, 'rollouts' | 'order'> = {}) {
  const plan: JudgedHost = {host: hostNamed('web1'), tasks, handlers: [], ...schedule};
  const {hosts, contents} = recordOf({playbook: 'site', hosts: [plan]}, recording());
  const [host] = hosts;
  if (!host) throw new Error('no host');
  return {host, contents};
}

const recorded = (task: Task) => hostOf([planned(task)]);

/** What a saved plan says when the task is another one at apply; the state of the host is the same. */
function edited(then: Given, now: Given): string | undefined {
  const failure = findDrift(recorded(thing(then)), recorded(thing(now)));
  return failure && String(renderFailure(failure, {name: 'web1'}, {width: 200}));
}

function drifts(t: ExecutionContext, then: Given, now: Given, text: RegExp) {
  t.is(edited(then, {...then}), undefined);
  t.is(edited(now, {...now}), undefined);
  t.regex(edited(then, now) ?? 'nothing drifted', text);
}

const COMMANDS = /thing x .*\n.*its commands are not those of the plan/;
const OPTIONS = /thing x .*\n.*its options or what it notifies are not those of the plan/;

test('other commands towards the same state are reported, secrets in them too', (t) => {
  drifts(t, {}, {change: sh`echo off`}, COMMANDS);
  const secret = (text: string) => ({change: sh`login ${new Secret(text)}`});
  drifts(t, secret('one'), secret('two'), COMMANDS);
  t.notRegex(JSON.stringify(recorded(thing(secret('canary-in-a-command')))), /canary/);
});

test('another way to undo a guarded change is reported', (t) => {
  drifts(t, {}, {restore: sh`rm -rf /`}, COMMANDS);
});

test('of commands that are made late, what they are made from counts, not what they come to', (t) => {
  drifts(t, {request: 'for web1'}, {request: 'for web2'}, COMMANDS);
  t.is(edited({request: 'a', change: sh`echo 1`}, {request: 'a', change: sh`echo 2`}), undefined);
});

test('of what is known only after apply, what it would run counts', (t) => {
  drifts(t, {unknown: true}, {unknown: true, change: sh`echo off`}, COMMANDS);
});

/** A task that tells nothing of what it would run before there is a state. */
const account = defineTask<{password: Secret; grants?: object; match?: RegExp; check?: () => Command}, {on: boolean}>({
  type: 'account',
  id: () => 'x',
  probe: () => sh`true`,
  parse: () => new Unknown('the database is not installed'),
  desire: () => {
    throw new Error('there is no state');
  },
  change: () => [],
});

test('of what is known only after apply and cannot tell what it would run, all that it is asked for counts', (t) => {
  const password = new Secret('canary-in-a-spec');
  const make = () => ({password, grants: {'app.*': ['SELECT']}, match: /a/, check: () => sh`true`});
  const drift = (now: object) => findDrift(recorded(account(make())), recorded(account({...make(), ...now})))?.message;
  t.is(drift({}), undefined);
  const others = [{password: new Secret('x')}, {grants: {'*.*': ['ALL']}}, {match: /b/}, {check: () => sh`false`}];
  for (const now of others) t.regex(drift(now) ?? 'nothing drifted', /account x/);
  t.notRegex(JSON.stringify(recorded(account(make()))), /canary/);
});

test('each option by which a task is done is reported, also where there is nothing to do', (t) => {
  const options: readonly TaskOptions[] = [
    ...[{retries: 2}, {delay: 9}, {timeout: 9}, {ignoreErrors: true}, {runOnce: true}, {delegateTo: 'web2'}],
    ...[{until: () => true}, {until: ({stdout}: {stdout: string}) => stdout === 'ok'}, {notify: reload(sh`true`)}],
  ];
  for (const option of options) {
    drifts(t, {}, option, OPTIONS);
    drifts(t, {same: true}, {same: true, ...option}, OPTIONS);
  }
  t.is(edited({until: ({stdout}) => stdout === 'ok'}, {until: ({stdout}) => stdout === 'ok'}), undefined);
});

test('a handler that runs something else is reported, whether it is due or not', (t) => {
  const text = /handler reload x .*\n.*its commands are not those of the plan/;
  for (const same of [true, false]) {
    drifts(t, {same, notify: reload(sh`true`)}, {same, notify: reload(sh`false`)}, text);
    const [then, now] = [reload(sh`true`, sh`restart x`), reload(sh`true`, sh`restart y`)];
    drifts(t, {same, notify: then}, {same, notify: now}, text);
    drifts(t, {same, notify: then}, {same, notify: reload(sh`true`)}, text);
  }
});

test('plays that go over their hosts in other batches are reported', (t) => {
  const rollout = {play: 'web', batches: [1, 2], maxFailures: 0};
  const at = (each: readonly Rollout[]) => hostOf([planned(thing({}))], {rollouts: each});
  t.is(findDrift(at([rollout]), at([{...rollout}])), undefined);
  for (const other of [[], [{...rollout, batches: [3]}], [{...rollout, maxFailures: 1}]]) {
    t.regex(findDrift(at([rollout]), at(other))?.drift?.[0]?.note ?? '', /batches of hosts/);
  }
});

test('plays that wait for other plays are reported', (t) => {
  const at = (...needs: readonly string[]) =>
    hostOf([planned(thing({}))], {order: needs.length > 0 ? [{play: 'web', needs}] : []});
  t.is(findDrift(at('database'), at('database')), undefined);
  for (const other of [at(), at('balancer'), at('database', 'balancer')]) {
    t.regex(findDrift(at('database'), other)?.drift?.[0]?.note ?? '', /what they wait for/);
  }
});

test('a plan that another process made fits: no digest holds a name that is drawn again', (t) => {
  const script = `
    import {commandsDigest} from './build/src/plans/intent.js';
    import {digestWith} from './build/src/plans/digest.js';
    import {Secret} from './build/src/shell/index.js';
    import * as tasks from './build/src/tasks/index.js';
    const digest = digestWith(new Secret('key'));
    const answer = {code: 0, stdout: 'absent\\n', stderr: '', truncated: false};
    const validate = (path) => tasks.reload('x').command;
    const task = tasks.file({path: '/etc/x', content: 'x', mode: '0644', validate});
    console.log(commandsDigest(digest, 's', task.open({templateDirectories: []}).judge(answer)));`;
  const run = () => spawnSync(process.execPath, ['--input-type=module', '--eval', script], {encoding: 'utf8'});
  const [first, second] = [run(), run()];
  t.is(first.status, 0, first.stderr);
  t.regex(first.stdout, /^[0-9a-f]{32}\n$/);
  t.is(first.stdout, second.stdout);
});

test('a command of the plan is compared as it runs and not as it is shown', (t) => {
  t.is(edited({change: raw('echo on')}, {change: sh`echo ${'on'}`}), undefined);
});
