import {resolve} from 'node:path';
import type {
  Attribute,
  AttributeChange,
  Failure,
  Handler,
  Host,
  HostPlan,
  Judged,
  Plan,
  PlannedTask,
  Task,
} from '../model/index.js';
import {raw} from '../shell/index.js';
import type {HandlerRecord, HostRecord, PlanRecord, TaskRecord} from './format.js';
import {readValue} from './values.js';

/** A plan from its record, to be shown as it was when it was made. Its tasks cannot be opened, its hosts not reached. */
export function restorePlan({playbook, hosts, contents}: PlanRecord, root: string): Plan {
  return {playbook, hosts: hosts.map((host) => restoreHost(host, contents, root))};
}

function restoreHost(record: HostRecord, contents: PlanRecord['contents'], root: string): HostPlan {
  const {failure, tasks, handlers, skipped = [], rollouts = [], order = [], leftOver = []} = record;
  return {
    ...{host: hostOf(record), rollouts, order, leftOver},
    skipped: skipped.map(({play, because, ...task}) => ({play, because, task: taskOf(task)})),
    tasks: tasks.map((task) => restoreTask(task, contents, root)),
    handlers: handlers.map(({play, because, ...handler}) => ({play, because, handler: handlerOf(handler)})),
    failure: failure && failureOf(failure, root),
  };
}

/** What was written from a failure, and no more than shown. */
const failureOf = (failure: object, root: string) => placed(failure, root) as Failure;

const UNTOLD = {reason: 'probe-failed', message: 'the plan does not say why'};

/** Places are held relative to the project. */
function placed<T extends object>(owner: T, root: string): T {
  const {at} = owner as {at?: TaskRecord['at']};
  return at === undefined ? owner : {...owner, at: {...at, file: resolve(root, at.file)}};
}

function hostOf({name, address}: HostRecord): Host {
  return {
    ...{name, address, port: 22, user: '', become: false},
    ...{identityFiles: [], knownHostsFiles: [], groups: [], vars: {}},
  };
}

function handlerOf({id, command, recover}: Pick<HandlerRecord, 'id' | 'command' | 'recover'>): Handler {
  return {id, command: raw(command), ...(recover !== undefined && {recover: raw(recover)})};
}

function restoreTask(record: TaskRecord, contents: PlanRecord['contents'], root: string): PlannedTask {
  const {always = false, notify = [], delegateTo, ignoreErrors} = record;
  const task: Task = {
    ...taskOf(record),
    ...{always, delegateTo, ignoreErrors, at: placed(record, root).at},
    notify: notify.map((name) => handlerOf({id: name, command: ''})),
  };
  return {play: record.play, task, verdict: verdictOf(record, contents, root)};
}

function taskOf({type, id, label}: Pick<TaskRecord, 'type' | 'id' | 'label'>): Task {
  return {
    ...{type, id, label, always: false, at: undefined, notify: [], affects: [], needs: []},
    open: () => {
      throw new Error('a task of a saved plan is only for show');
    },
  };
}

function verdictOf(record: TaskRecord, contents: PlanRecord['contents'], root: string): Judged {
  const {action, because = '', commands = [], failure} = record;
  if (action === 'failed') return {type: 'failed', failure: failureOf(failure ?? UNTOLD, root)};
  if (action === 'unchanged') return {type: 'unchanged'};
  if (action === 'unknown') return {type: 'unknown', because};
  const diff = record.changed.map((name) => changeOf(name, record, contents));
  return {type: 'change', action, diff, commands: commands.map((text) => raw(text))};
}

/** What becomes of one attribute; of a sensitive one there are only the lines that were shown of it. */
export function changeOf(
  name: string,
  {before, after, shown}: Pick<TaskRecord, 'before' | 'after' | 'shown'>,
  contents: PlanRecord['contents'],
): AttributeChange {
  const read = (state: TaskRecord['before']): Attribute => readValue(state?.[name], contents);
  const lines = shown?.[name];
  const change = {name, before: read(before), after: read(after), sensitive: lines !== undefined};
  return lines === undefined ? change : {...change, shown: lines};
}
