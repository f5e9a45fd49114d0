import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Content, findSecrets, type JudgedHost, type JudgedTask} from '../../src/model/index.js';
import {raw, Secret} from '../../src/shell/index.js';
import {command, directory, file} from '../../src/tasks/index.js';
import type {LivePlan} from './live.js';
import {planned, planOf} from './planned.js';

const root = mkdtempSync(join(tmpdir(), 'infra-plans-'));
const at = (name: string, text: string | Buffer) => {
  writeFileSync(join(root, name), text, {mode: 0o644});
  return join(root, name);
};

const reload = {id: 'reload nginx', command: raw('systemctl reload nginx')};

/** One of everything that a plan shows. */
export function richPlan(): LivePlan {
  const tasks = [
    file({path: at('same', 'x\n'), content: 'x\n'}),
    file({path: join(root, 'new'), content: 'hello\nworld\n', mode: '0640', notify: reload}),
    file({path: at('old', 'one\ntwo\nthree'), content: 'one\n2\nthree\n', mode: '0600'}),
    file({path: at('binary', Buffer.from([0, 1, 2])), content: 'text\n'}),
    file({path: at('large', 'a\n'.repeat(50_000)), content: 'b\n'.repeat(50_000)}),
    file({path: at('gone', 'bye\n'), state: 'absent'}),
    file({path: at('secret', 'password=old-hidden\n'), content: new Secret('password=canary-1\n')}),
    directory({path: join(root, 'directory')}),
    command({command: 'make site\nmake all', name: 'make'}),
  ];
  const unknown = {
    ...planned(command({command: 'true'})),
    verdict: {type: 'unknown', because: 'not there yet'},
  } as const;
  const handlers = [
    {play: 'web', handler: reload, because: 'change'},
    {play: 'db', handler: {id: 'restart mariadb', command: raw('true')}, because: 'pending'},
  ] as const;
  const plan = planOf({web1: [...tasks.map((task) => planned(task)), unknown], web2: []}, [...handlers]);
  const failure = {reason: 'unreachable', message: 'no answer', hint: 'look', output: 'a\nb'} as const;
  const [first] = plan.hosts;
  const [task] = first?.tasks ?? [];
  if (!first || !task) return plan;
  const others = {...task, task: {...task.task, label: 'motd', delegateTo: 'lb1', ignoreErrors: true}};
  const withAll: JudgedHost = {
    ...first,
    tasks: [...first.tasks, synthetic(task), {...others, verdict: {type: 'unknown', because: 'later'}}],
    rollouts: [{play: 'web', batches: [1, 2, 2], maxFailures: 1}],
    order: [{play: 'web', needs: ['db']}],
    skipped: [{play: 'web', task: task.task, because: 'tags'}],
    leftOver: [{id: 'restart old', command: 'systemctl restart old'}],
  };
  const refused = {reason: 'probe-failed', message: 'no', at: undefined, exitCode: undefined} as const;
  const partly = {...first, tasks: [{...task, verdict: {type: 'failed' as const, failure: refused}}], failure: refused};
  return {...plan, hosts: [withAll, ...plan.hosts, partly, {...first, tasks: [], handlers: [], failure}]};
}

/** A task with the kinds of differences that those of this machine do not have. */
function synthetic(task: JudgedTask): JudgedTask {
  const [before, after] = ['port = 80\r\nkey = hunter1\r\nx', 'port = 81\nkey = hunter2\nx\n'];
  const parts = findSecrets(after, [new Secret('hunter2')]) ?? true;
  const diff = [
    {name: 'content', before: Content.of(before, true), after: Content.of(after, parts), sensitive: true},
    {name: 'groups', before: ['a', 'b'], after: ['b', 'c'], sensitive: false},
    {name: 'shell', before: undefined, after: ' x ', sensitive: false},
    {name: 'uid', before: 5, after: 6, sensitive: false},
    {name: 'system', before: true, after: undefined, sensitive: false},
    {name: 'password', before: 'canary-2', after: 'canary-3', sensitive: true},
  ];
  return {...task, verdict: {type: 'change', action: 'update', diff, commands: [raw('true')]}};
}
