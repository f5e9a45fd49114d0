import {
  actionOf,
  type HostPlan,
  hasChanges,
  type PlannedAction,
  type PlannedTask,
  type SkippedTask,
  taskName,
} from '../../model/index.js';
import {notesOf} from '../plan/plan.js';
import {countPlan} from '../plan/plan-counts.js';
import {type PlannedPlay, playsOf, reasonOf, renderPace} from '../plan/plan-play.js';
import {nameOf, partsOfTask} from '../plan/plan-task.js';
import type {HostPart, PlayPart, ReportStep} from './parts.js';

/** What would happen on a host. */
export function partOfPlan(plan: HostPlan): HostPart {
  const changing = hasChanges(plan);
  return {
    host: plan.host.name,
    tone: plan.failure ? 'bad' : changing ? 'changed' : 'good',
    status: plan.failure ? 'could not be planned' : changing ? 'changes' : 'no changes',
    story: storyOf(plan),
    plays: playsOf(plan).map(partOfPlay),
    skipped: (plan.skipped ?? []).map((each) => skippedText(taskName(each), each.play, each.because)),
    notes: notesOf(plan, Number.POSITIVE_INFINITY).flatMap(({sign, lines: [first = '', ...rest]}) => [
      `${sign} ${first}`,
      ...rest,
    ]),
  };
}

const REASONS: Readonly<Record<SkippedTask['because'], string>> = {
  when: 'its condition is false',
  tags: 'its tags were not selected',
  'start-at-task': 'it is before the task to start at',
  'run-once': 'another host runs it for all',
};

/** A task that was skipped, and why. */
export function skippedText(task: string, play: string, because: SkippedTask['because']): string {
  return `${task} (play ${play}): ${REASONS[because]}`;
}

function storyOf(plan: HostPlan): string {
  const {create, update, delete: deletes, run, unknown, handlers, unchanged} = countPlan({playbook: '', hosts: [plan]});
  const counts = [
    [create, 'to create'],
    [update, 'to change'],
    [deletes, 'to delete'],
    [run, 'to run'],
    [unknown, 'known after apply'],
    [handlers, handlers === 1 ? 'handler' : 'handlers'],
    [unchanged, 'unchanged'],
  ] as const;
  return counts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : [])).join(', ');
}

function partOfPlay({play, tasks, handlers, rollout}: PlannedPlay): PlayPart {
  const steps = [
    ...tasks.map(stepOf),
    ...handlers.map((handler): ReportStep => {
      const plain = {lines: [], commands: [handler.command], output: []};
      const verb = `(${reasonOf(handler, tasks)})`;
      return {...plain, sign: '→', tone: 'changed', name: `handler ${handler.id}`, verb};
    }),
  ];
  return {play, note: rollout && renderPace(rollout), steps};
}

const PLANNED: Readonly<Record<PlannedAction, Pick<ReportStep, 'sign' | 'tone' | 'verb'>>> = {
  create: {sign: '+', tone: 'good', verb: 'to create'},
  update: {sign: '~', tone: 'changed', verb: 'to change'},
  delete: {sign: '-', tone: 'bad', verb: 'to delete'},
  run: {sign: '!', tone: 'changed', verb: 'to run'},
  unknown: {sign: '?', tone: 'changed', verb: 'known after apply'},
  unchanged: {sign: '·', tone: 'soft', verb: 'unchanged'},
  failed: {sign: '✗', tone: 'bad', verb: 'could not be planned'},
};

function stepOf(planned: PlannedTask): ReportStep {
  const {details} = partsOfTask(planned, Number.POSITIVE_INFINITY);
  return {...PLANNED[actionOf(planned.verdict)], name: nameOf(planned), lines: details, commands: [], output: []};
}
