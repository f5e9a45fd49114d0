import {
  counted,
  failedTasks,
  type HostPlan,
  hasChanges,
  joined,
  type LeftOver,
  type Note,
  type Plan,
  paint,
  type StyledText,
  styled,
  visible,
} from '../../model/index.js';
import {quote} from '../../shell/index.js';
import {renderFailure} from '../text/failure.js';
import {DEFAULT_WIDTH, type Detail, type RenderOptions} from '../text/options.js';
import {endedLines, indented, wrap} from '../text/text.js';
import {renderCounts} from './plan-counts.js';
import {playsOf, renderPlay} from './plan-play.js';

/**
 * A plan for the people who review it: for each host and play what would happen and nothing else; hosts with the same
 * changes are shown together; counts are at the end. Hosts are in the inventory's order. Ends with a line break.
 */
export function renderPlan(plan: Plan, {width = DEFAULT_WIDTH, detail, stacks}: PlanStyle = {}): StyledText {
  const quiet = !plan.hosts.some(isWorthTelling);
  const sections = quiet ? [] : groupHosts(plan.hosts, (host) => renderHost(host, {width, detail, stacks}));
  return joined([...sections.map((section) => renderSection(section, width)), renderCounts(plan, width)]);
}

/** Whether there is more to say of a host than that nothing changes. */
export const isWorthTelling = (host: HostPlan) =>
  host.failure !== undefined || hasChanges(host) || [...(host.leftOver ?? []), ...(host.notes ?? [])].length > 0;

export interface PlanStyle extends RenderOptions {
  /** Default `diffs`. */
  readonly detail?: Detail | undefined;
}

/** Hosts that have exactly the same plan. */
interface Section {
  readonly hosts: readonly HostPlan[];
  readonly body: StyledText;
}

function groupHosts(hosts: readonly HostPlan[], render: (host: HostPlan) => StyledText): Section[] {
  const groups = new Map<string, {body: StyledText; hosts: HostPlan[]}>();
  for (const host of hosts) {
    const body = render(host);
    const group = groups.get(String(body)) ?? {body, hosts: []};
    group.hosts.push(host);
    groups.set(String(body), group);
  }
  return [...groups.values()];
}

function renderHost(given: HostPlan, {width = DEFAULT_WIDTH, detail, stacks}: PlanStyle): StyledText {
  if (given.failure && failedAsWhole(given)) return renderFailure(given.failure, given.host, {width, stacks});
  const plan = stacks ? given : withoutStacks(given);
  const planned = playsOf(plan).flatMap((play) => renderPlay(play, width, detail));
  const lines = [...planned, ...renderNotes(plan, width), ...refusal(plan, width)];
  return lines.length === 0 ? styled`  no changes\n` : endedLines([joined(lines).trimEnd()]);
}

/** Whether the host has no plan at all. Its failure then names the host. */
export const failedAsWhole = (plan: HostPlan) => plan.failure !== undefined && failedTasks(plan).length === 0;

/** What happens to a host of which some tasks could not be planned. */
function refusal(plan: HostPlan, width: number): StyledText[] {
  const count = failedTasks(plan).length;
  if (count === 0) return [];
  const text = `Nothing will be done on this host: ${counted(count, 'task')} could not be planned.`;
  return wrap(text, width - 2).map((line) => indented(2, paint('red', line)));
}

function withoutStacks(plan: HostPlan): HostPlan {
  const tasks = plan.tasks.map((each) => {
    if (each.verdict.type !== 'failed') return each;
    const {stack, ...failure} = each.verdict.failure;
    return {...each, verdict: {...each.verdict, failure}};
  });
  return {...plan, tasks};
}

function renderNotes(plan: HostPlan, width: number): StyledText[] {
  return notesOf(plan, width - 4).flatMap(renderNote);
}

/** A note, two columns from the edge. */
export function renderNote({sign, lines: [first = '', ...rest]}: NoteLines): StyledText[] {
  const start = styled`  ${sign === '!' ? paint('yellow', sign) : sign} ${first}`;
  return [start, ...rest.map((line) => indented(4, line))];
}

/** A note below the changes of a host: a sign, and lines that begin two columns after it. */
interface NoteLines {
  /** `!` asks for a decision of the reader. */
  readonly sign: '!' | '·';
  readonly lines: readonly string[];
}

/** Handlers that are left over, and what roles have to say. */
export function notesOf({leftOver = [], notes = []}: HostPlan, width: number): readonly NoteLines[] {
  return [
    ...leftOver.map((each) => ({sign: '!' as const, lines: leftOverLines(each, width)})),
    ...notes.map((each) => linesOfNote(each, width)),
  ];
}

/** What somebody has to say, as lines of at most `width` columns after the sign. */
export function linesOfNote({note, isWarning}: Note, width: number): NoteLines {
  return {sign: isWarning ? '!' : '·', lines: wrap(note, width)};
}

/** A handler that no task notifies any longer: only the user can decide whether it is still needed. */
function leftOverLines({id, command}: LeftOver, width: number): string[] {
  const due = `${id} is still due from an interrupted run, but no task notifies it now:`;
  const next = `If it is still needed, run this command on the host. Then: infra apply --forget ${quote(visible(id))}`;
  return [...wrap(due, width), ...wrap(`$ ${command}`, width - 2), ...wrap(next, width - 2)];
}

function renderSection({hosts, body}: Section, width: number): StyledText {
  if (hosts.some(failedAsWhole)) return body;
  const title = wrap(hosts.map(({host}) => host.name).join(', '), width);
  return joined([...title.map((line) => paint('bold', line)), body]);
}
