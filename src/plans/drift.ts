import {describeChange} from '../diff/index.js';
import {actionOf, type Diff, type Drift, type Failure, taskName} from '../model/index.js';
import type {HostRecord, PlanRecord, TaskRecord} from './format.js';
import {scheduleText} from './intent.js';
import {readValue} from './values.js';

/** A host as one plan has it, with the texts that its values refer to. */
export interface HostOf {
  readonly host: HostRecord;
  readonly contents: PlanRecord['contents'];
}

/**
 * Why a host's saved plan must not be applied: the present or desired state of a task, or what would run for it,
 * is not what it was when the plan was made. `now`: the host as planned again, both recorded with the same key.
 * A task with nothing to do then and now has not drifted.
 */
export function findDrift(planned: HostOf, now: HostOf): Failure | undefined {
  const tasks = sameTasks(planned.host, now.host) ? driftedTasks(planned, now) : [OTHER_TASKS];
  const drift = [
    ...tasks,
    ...driftedHandlers(planned.host, now.host),
    ...editedHandlers(planned.host, now.host),
    ...driftedSchedule(planned.host, now.host),
  ];
  if (drift.length === 0) return undefined;
  const names = drift.map(({task}) => task);
  return {
    reason: 'drifted',
    message: `it is no longer as it was when the plan was made: ${names.join(', ')}`,
    hint: 'Nothing was done on this host. Check what has changed and make a new plan: infra plan --out FILE',
    drift,
  };
}

const OTHER_TASKS: Drift = {
  task: 'its tasks',
  note: 'the playbook gives this host other tasks now: its facts differ, or the files in a directory',
};

function sameTasks(planned: HostRecord, now: HostRecord): boolean {
  const names = ({tasks}: HostRecord) => JSON.stringify(tasks.map(({play, type, id}) => [play, type, id]));
  return names(planned) === names(now);
}

function driftedTasks(planned: HostOf, now: HostOf): Drift[] {
  return planned.host.tasks.flatMap((then, index) => {
    const present = now.host.tasks[index];
    if (present === undefined || !hasDrifted(then, present)) return [];
    const {note, changes} = describe(then, present, {...planned.contents, ...now.contents});
    return [{task: taskName(then), play: then.play, ...(note !== '' && {note}), changes}];
  });
}

/** The options count also for a task with nothing to do: they say what it notifies, and on which host it is done. */
function hasDrifted(then: TaskRecord, now: TaskRecord): boolean {
  if (actionOf(then.verdict) !== actionOf(now.verdict) || then.options !== now.options) return true;
  if (actionOf(then.verdict) === 'unchanged') return false;
  return then.present !== now.present || then.desired !== now.desired || then.runs !== now.runs;
}

function describe(then: TaskRecord, now: TaskRecord, contents: PlanRecord['contents']) {
  const changes = compare(then.id, then.before, now.before, contents);
  const desired = then.desired === now.desired ? [] : compare(then.id, then.after, now.after, contents, 'desired ');
  const notes = [presence(then, now), desired.length > 0 && 'the desired state differs too', ...edits(then, now)];
  return {note: notes.filter(Boolean).join('; '), changes: [...changes, ...desired]};
}

type State = TaskRecord['before'];

/** What differs in two states of the thing with this id. For a secret only that it differs. */
function compare(id: string, before: State, after: State, contents: PlanRecord['contents'], prefix = ''): Diff[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const differing = names.filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]));
  return differing.map((name) => {
    const sides = [before?.[name], after?.[name]] as const;
    const sensitive = sides.some((value) => typeof value === 'object' && 'sensitive' in value);
    const [old, present] = sides.map((value) => readValue(value, contents));
    const change = {name: `${prefix}${name}`, before: old, after: present, sensitive};
    // These values are masked already.
    return describeChange(change, {action: 'update', id}, (text) => text);
  });
}

/** What would run differs, though the host is as it was. Commands towards another state differ of course. */
function edits(then: TaskRecord, now: TaskRecord): string[] {
  const isSame =
    actionOf(then.verdict) === actionOf(now.verdict) && then.present === now.present && then.desired === now.desired;
  return [
    ...(isSame && then.runs !== now.runs ? ['its commands are not those of the plan'] : []),
    ...(then.options === now.options ? [] : ['its options or what it notifies are not those of the plan']),
  ];
}

function presence(then: TaskRecord, now: TaskRecord): string | undefined {
  const [before, after] = [existence(then), existence(now)];
  return before === after ? undefined : `${before} when planned, ${after} now`;
}

function existence({before}: TaskRecord): string {
  if (before === undefined) return 'not known yet';
  return before === null ? 'absent' : 'present';
}

/** A handler that is due now and was not, or was left over and no longer is. */
function driftedHandlers(planned: HostRecord, now: HostRecord): Drift[] {
  const has = ({handlers}: HostRecord, play: string, id: string) =>
    handlers.some((each) => each.play === play && each.id === id);
  const come = now.handlers.filter(({play, id}) => !has(planned, play, id));
  const gone = planned.handlers.filter(({play, id}) => !has(now, play, id));
  return [
    ...come.map(({play, id}) => ({task: `handler ${id}`, play, note: 'not due when planned, due now'})),
    ...gone.map(({play, id}) => ({task: `handler ${id}`, play, note: 'due when planned, not due now'})),
  ];
}

/** Handlers that run something else now than the plan holds, due or not: a task may still notify them. */
function editedHandlers(planned: HostRecord, now: HostRecord): Drift[] {
  const isEdited = ({play, id, digest}: NonNullable<HostRecord['notified']>[number]) =>
    now.notified?.some((each) => each.play === play && each.id === id && each.digest !== digest);
  const edited = (planned.notified ?? []).filter(isEdited);
  return edited.map(({play, id}) => ({task: `handler ${id}`, play, note: 'its commands are not those of the plan'}));
}

function driftedSchedule(planned: HostRecord, now: HostRecord): Drift[] {
  if (scheduleText(planned) === scheduleText(now)) return [];
  const note = 'what they wait for, their batches of hosts, or the failures they allow differ from the plan';
  return [{task: 'its plays', note}];
}
