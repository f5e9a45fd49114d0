import {failedTasks, type HostPlan, hasChanges, type Plan} from '../model/index.js';
import {quote} from '../shell/index.js';
import {DEFAULT_WIDTH, type Detail, type Paint, paintFor, type RenderOptions} from './color.js';
import {renderFailure} from './failure.js';
import {renderCounts} from './plan-counts.js';
import {renderPlay} from './plan-play.js';
import {counted, visible, wrap} from './text.js';

/**
 * A plan for the people who review it: for each host and play what would happen and nothing else, hosts with the same
 * changes together, counts at the end. Hosts in the inventory's order. Ends with a line break.
 */
export function renderPlan(plan: Plan, {color, width = DEFAULT_WIDTH, detail, stacks}: PlanStyle = {}): string {
  const paint = paintFor(color);
  const quiet = plan.hosts.every((host) => host.failure === undefined && !hasChanges(host) && !host.leftOver?.length);
  const sections = quiet ? [] : groupHosts(plan.hosts, (host) => renderHost(host, {color, width, detail, stacks}));
  return [...sections.map((section) => renderSection(section, width, paint)), renderCounts(plan, width, paint)].join(
    '\n',
  );
}

export interface PlanStyle extends RenderOptions {
  /** Default `diffs`. */
  readonly detail?: Detail | undefined;
}

/** Hosts to which exactly the same would happen. */
interface Section {
  readonly hosts: readonly HostPlan[];
  readonly body: string;
}

function groupHosts(hosts: readonly HostPlan[], render: (host: HostPlan) => string): Section[] {
  const groups = new Map<string, HostPlan[]>();
  for (const host of hosts) {
    const body = render(host);
    groups.set(body, [...(groups.get(body) ?? []), host]);
  }
  return [...groups].map(([body, members]) => ({hosts: members, body}));
}

function renderHost(given: HostPlan, {color, width = DEFAULT_WIDTH, detail, stacks}: PlanStyle): string {
  if (given.failure && failedAsWhole(given)) return renderFailure(given.failure, given.host, {color, width, stacks});
  const plan = stacks ? given : withoutStacks(given);
  const plays = [...new Set([...plan.tasks, ...plan.handlers].map(({play}) => play))];
  const planned = plays.flatMap((play) => renderPlay(play, plan, width, paintFor(color), detail));
  const lines = [...planned, ...renderLeftOver(plan, width, paintFor(color)), ...refusal(plan, width, paintFor(color))];
  return lines.length === 0 ? '  no changes\n' : `${lines.join('\n').trimEnd()}\n`;
}

/** Nothing at all is known of it: the failure names its host itself. */
export const failedAsWhole = (plan: HostPlan) => plan.failure !== undefined && failedTasks(plan).length === 0;

/** What becomes of a host of which some tasks could not be read. */
function refusal(plan: HostPlan, width: number, paint: Paint): string[] {
  const count = failedTasks(plan).length;
  if (count === 0) return [];
  const text = `Nothing is done on this host: ${counted(count, 'task')} of it could not be planned.`;
  return wrap(text, width - 2).map((line) => `  ${paint('red', line)}`);
}

function withoutStacks(plan: HostPlan): HostPlan {
  const tasks = plan.tasks.map((each) => {
    if (each.verdict.type !== 'failed') return each;
    const {stack, ...failure} = each.verdict.failure;
    return {...each, verdict: {...each.verdict, failure}};
  });
  return {...plan, tasks};
}

/** Handlers that nothing notifies any more: nobody but the user can tell whether they are still needed. */
export function renderLeftOver({leftOver = []}: HostPlan, width: number, paint: Paint): string[] {
  return leftOver.flatMap(({id, command}) => {
    const name = visible(id);
    const [first = '', ...rest] = wrap(
      `${name} is due since an interrupted run, and no task notifies it now:`,
      width - 4,
    );
    const next = `If it is still needed, run that on the host. Then: infra apply --forget ${quote(name)}`;
    const more = [...rest, ...wrap(`$ ${visible(command)}`, width - 6), ...wrap(next, width - 6)];
    return [`  ${paint('yellow', '!')} ${first}`, ...more.map((line) => `    ${line}`)];
  });
}

function renderSection({hosts, body}: Section, width: number, paint: Paint): string {
  if (hosts.some(failedAsWhole)) return body;
  const title = wrap(hosts.map(({host}) => visible(host.name)).join(', '), width);
  return `${title.map((line) => paint('bold', line)).join('\n')}\n${body}`;
}
