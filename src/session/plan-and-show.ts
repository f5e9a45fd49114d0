import type {Planned} from '../engine/index.js';
import {hasChanges, maskDeep, type Plan, type RunEvent} from '../model/index.js';
import {createProgress, type PlanStyle, renderPlan} from '../renderers/index.js';
import type {Console} from './console.js';
import {detailOf, type OutputOptions} from './output-options.js';
import {planSession, type Session} from './session.js';

/** Plans with progress, then prints the plan. `events` gets all events. */
export async function planAndShow(session: Session, out: Console, events: EventSink, options: OutputOptions & Asking) {
  const planned = await planQuietly(session, events, options);
  const plan = planOf(session, planned);
  if (isWorthShowing(plan, options)) out.print(renderPlan(plan, styleOf(options, out)));
  return planned;
}

/** Whether `apply` asks. */
export interface Asking {
  /** The plan is applied without a question. */
  readonly yes?: boolean;
}

/** A quiet apply that asks nothing shows no plan, because its last line says enough, unless it has nothing to do. */
export function isWorthShowing({hosts}: Plan, {quiet, yes}: OutputOptions & Asking): boolean {
  return !(quiet && yes) || !hosts.some(hasChanges);
}

/** The style of plans on a console: with `-v` also the stacks of code that failed. */
export function styleOf(options: OutputOptions, {style}: Console): PlanStyle {
  return {...style, detail: detailOf(options), stacks: (options.verbose ?? 0) > 0};
}

/** Takes events one after the other. */
export interface EventSink {
  push(event: RunEvent): unknown;
}

/** Plans with progress. `events` gets all events. */
export async function planQuietly(session: Session, events: EventSink, options: OutputOptions) {
  const hosts = session.hosts.map(({name}) => name);
  const {quiet, verbose: verbosity = 0} = options;
  const {stdout, stderr, env} = session.project;
  // In a pipe only the plan is wanted, and progress only when it is asked for.
  const isShown = !quiet && (stderr.isTTY || verbosity > 0);
  const progress = isShown ? createProgress({stream: stderr, other: stdout, env, hosts, verbosity}) : undefined;
  return planSession(session, (event) => {
    events.push(event);
    progress?.listener(maskDeep(event, session.mask));
  }).finally(() => progress?.stop());
}

/** The plans of all hosts as one. */
export function planOf({playbook}: Session, planned: readonly Planned[]): Plan {
  return {playbook, hosts: planned.map(({plan}) => plan)};
}
