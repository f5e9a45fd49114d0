import {
  type Action,
  type HostPlan,
  hasChanges,
  type Judged,
  type PlannedTask,
  type SkippedTask,
  type StyledText,
  taskName,
} from '../../model/index.js';
import {renderLeftOver} from '../plan.js';
import {countPlan} from '../plan-counts.js';
import {renderHandler, renderPace} from '../plan-play.js';
import {renderDetails} from '../plan-task.js';
import {widthOf} from '../text.js';
import type {HostPart, PlayPart, Step} from './parts.js';

/** What would happen on a host. */
export function partOfPlan(plan: HostPlan): HostPart {
  const names = [...new Set([...plan.tasks, ...plan.handlers].map(({play}) => play))];
  const plays = names.map((play) => playOf(play, plan)).filter(({steps}) => steps.length > 0);
  const changing = hasChanges(plan);
  return {
    host: plan.host.name,
    tone: plan.failure ? 'bad' : changing ? 'changed' : 'good',
    status: plan.failure ? 'could not be planned' : changing ? 'changes' : 'as described',
    story: storyOf(plan),
    plays,
    skipped: (plan.skipped ?? []).map(({task, play, because}) => skippedText(taskName(task), play, because)),
    notes: renderLeftOver(plan, Number.POSITIVE_INFINITY).map((line) => String(line).trim()),
  };
}

const REASONS: Readonly<Record<SkippedTask['because'], string>> = {
  when: 'its condition does not hold',
  tags: 'its tags were not asked for',
  'start-at-task': 'it stands before the task to start at',
  'run-once': 'another host does it for all',
};

/** A task that was not looked at, and why. */
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

function playOf(play: string, plan: HostPlan): PlayPart {
  const tasks = plan.tasks.filter((task) => task.play === play && task.verdict.type !== 'unchanged');
  const handlers = plan.handlers.filter((handler) => handler.play === play);
  const rollout = plan.rollouts?.find((each) => each.play === play);
  const steps = [
    ...tasks.map(stepOf),
    ...handlers.map((handler): Step => {
      const [text = ''] = renderHandler(handler, tasks, Number.POSITIVE_INFINITY).map(String);
      const because = text.slice(2 + widthOf(handler.handler.id)).trim();
      const command = String(handler.handler.command);
      const plain = {lines: [], commands: [command], output: []};
      return {...plain, sign: '→', tone: 'changed', name: `handler ${handler.handler.id}`, verb: because};
    }),
  ];
  return {play, note: rollout && renderPace(rollout), steps};
}

const PLANNED: Readonly<Record<Action | 'unknown' | 'failed', Pick<Step, 'sign' | 'tone' | 'verb'>>> = {
  create: {sign: '+', tone: 'good', verb: 'to create'},
  update: {sign: '~', tone: 'changed', verb: 'to change'},
  delete: {sign: '-', tone: 'bad', verb: 'to delete'},
  run: {sign: '!', tone: 'changed', verb: 'to run'},
  unknown: {sign: '?', tone: 'changed', verb: 'known after apply'},
  failed: {sign: '✗', tone: 'bad', verb: 'could not be planned'},
};

function looksOf(verdict: Judged): keyof typeof PLANNED {
  if (verdict.type === 'change') return verdict.action;
  return verdict.type === 'failed' ? 'failed' : 'unknown';
}

function stepOf(planned: PlannedTask): Step {
  const {verdict, task} = planned;
  const looks = PLANNED[looksOf(verdict)];
  const name = task.label === undefined ? taskName(task) : `${taskName(task)} (${task.label})`;
  return {...looks, name, lines: trimEnd(renderDetails(planned, Number.POSITIVE_INFINITY)), commands: [], output: []};
}

function trimEnd(lines: readonly StyledText[]): readonly StyledText[] {
  return String(lines.at(-1) ?? '').trim() === '' ? lines.slice(0, -1) : lines;
}
