import {
  counted,
  type HostPlan,
  type PlannedHandler,
  type PlannedTask,
  paint,
  type Rollout,
  type Shown,
  type StyledText,
  styled,
  taskName,
} from '../../model/index.js';
import type {Detail} from '../text/options.js';
import {indented, wrap} from '../text/text.js';
import {renderCommand, renderTask} from './plan-task.js';

/** What a play would do on a host. */
export interface PlannedPlay {
  readonly play: string;
  /** Those that would change something, or of which that is not known. */
  readonly tasks: readonly PlannedTask[];
  readonly handlers: readonly PlannedHandler[];
  readonly rollout: Rollout | undefined;
}

/** The plays that would do something on a host, in their order. */
export function playsOf(plan: HostPlan): readonly PlannedPlay[] {
  const names = [...new Set([...plan.tasks, ...plan.handlers].map(({play}) => play))];
  const plays = names.map((name) => ({
    play: name,
    tasks: plan.tasks.filter(({play, verdict}) => play === name && verdict.type !== 'unchanged'),
    handlers: plan.handlers.filter(({play}) => play === name),
    rollout: plan.rollouts?.find(({play}) => play === name),
  }));
  return plays.filter(({tasks, handlers}) => tasks.length + handlers.length > 0);
}

/** The name of a play, how it goes over its hosts, its tasks and its handlers. */
export function renderPlay(planned: PlannedPlay, width: number, detail: Detail = 'diffs'): StyledText[] {
  const {play, tasks, handlers, rollout} = planned;
  const lines = [
    ...(rollout ? wrap(renderPace(rollout), width - INDENT).map((line) => paint('dim', line)) : []),
    ...tasks.flatMap((task) => renderTask(task, width - INDENT, detail)),
    ...handlers.flatMap((handler) => renderHandler(handler, tasks, width - INDENT, detail)),
  ];
  return [indented(2, paint('dim', `play ${play}`)), ...lines.map((line) => indented(INDENT, line))];
}

/** Columns before the contents of a play. */
const INDENT = 4;

/** The batches of a play: `3 batches: 1 host first, then up to 5 at a time; stops when a host fails`. */
export function renderPace({batches, maxFailures}: Rollout): string {
  const limit = `stops when ${maxFailures === 0 ? 'a host fails' : tooManyFail(maxFailures)}`;
  const [first = 0, ...rest] = batches;
  if (rest.length === 0) return limit;
  const most = Math.max(...rest);
  const sizes = most > first ? `${counted(first, 'host')} first, then up to ${most} at a time` : `${first} at a time`;
  return `${batches.length} batches: ${sizes}; ${limit}`;
}

const tooManyFail = (limit: number) => `more than ${counted(limit, 'host')} ${limit === 1 ? 'fails' : 'fail'}`;

/** A handler that would run and why, with its commands for that detail. `tasks`: those of {@link PlannedPlay}. */
export function renderHandler(
  planned: PlannedHandler,
  tasks: readonly PlannedTask[],
  width: number,
  detail: Detail = 'diffs',
): StyledText[] {
  const [first = '', ...rest] = wrap(`${planned.id} (${reasonOf(planned, tasks)})`, width - 2);
  const commands = detail === 'commands' ? handlerCommands(planned, width - 2) : [];
  return [styled`${paint('cyan', '→')} ${first}`, ...[...rest, ...commands].map((line) => indented(2, line))];
}

function handlerCommands({command, recover}: PlannedHandler, width: number): Shown[] {
  if (recover === undefined) return renderCommand(command, width);
  const second = ['if it fails, after the old files are restored:', ...renderCommand(recover, width)];
  return [...renderCommand(command, width), ...second];
}

/** Why a handler would run: `because file /etc/motd changes`. */
export function reasonOf({id, because}: PlannedHandler, tasks: readonly PlannedTask[]): string {
  if (because === 'pending') return 'left over from an interrupted run';
  const type = because === 'change' ? 'change' : 'unknown';
  const causes = tasks.filter(({notify, verdict}) => verdict.type === type && notify?.includes(id));
  const [first] = causes;
  const who = first === undefined ? 'the above' : taskName(first);
  const verb = causes.length > 1 ? `and ${causes.length - 1} more change` : 'changes';
  return because === 'change' ? `because ${who} ${verb}` : `if ${who} ${verb}`;
}
