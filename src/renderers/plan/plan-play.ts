import {
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
import {counted, indented, wrap} from '../text/text.js';
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

/** Columns before what a play does. */
const INDENT = 4;

/** How a play goes over its hosts: `3 batches: 1 host first, then up to 5 at a time; none begins once a host failed`. */
export function renderPace({batches, maxFailures}: Rollout): string {
  const limit = maxFailures === 0 ? 'once a host failed' : `once more than ${counted(maxFailures, 'host')} failed`;
  const [first = 0, ...rest] = batches;
  if (rest.length === 0) return `no host begins it ${limit}`;
  const most = Math.max(...rest);
  const sizes = most > first ? `${counted(first, 'host')} first, then up to ${most} at a time` : `${first} at a time`;
  return `${batches.length} batches: ${sizes}; none begins ${limit}`;
}

/** A handler that would run, why, and what it runs where commands are shown. `tasks`: those of its play that would change something. */
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
  const second = ['if it fails, once the old files are back:', ...renderCommand(recover, width)];
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
