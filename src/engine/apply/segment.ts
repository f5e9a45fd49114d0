import {Affected, type Handler} from '../../model/index.js';
import {mustProbe, type TaskEntry} from '../host-run.js';
import type {ScriptStep} from './step-command.js';

/** The part of a play that one script does. */
export interface Segment {
  readonly steps: readonly ScriptStep[];
  /** How many of the entries are done when all goes as expected. */
  readonly through: number;
}

/** What is known where a segment begins. */
export interface SegmentStart {
  /** What earlier changes may have altered. */
  readonly affected: Affected;
  /** Nothing is taken for granted: tasks that are as desired are checked again as well. */
  readonly suspect: boolean;
  /** Handlers that are due already. */
  readonly due: readonly Handler[];
  /** At most one change. */
  readonly single: boolean;
}

/**
 * Entries that are probed ahead at the end of a segment: enough to save round trips, few enough that few are probed
 * twice.
 */
const AHEAD = 16;

/**
 * As much of a play as can be sent in one script: each change after a check, on the host, that the state is the one it
 * was planned for; a check of tasks that are as desired and may have been altered; and at the end the handlers. The
 * script stops by itself at an unexpected answer. It ends before an entry of which nothing is known, or whose file was
 * rewritten in the same script, after a change that may be tried again or may lock out, and where the next task is for
 * another host; then the next entries of which nothing is known are probed.
 *
 * Each entry is probed once in its place, and few are probed ahead: the work grows with the number of entries.
 */
export function nextSegment(entries: readonly TaskEntry[], {affected, suspect, due, single}: SegmentStart): Segment {
  const altered = affected.copy();
  const rewritten = new Affected();
  const steps: ScriptStep[] = [];
  const changed: TaskEntry[] = [];
  let through = 0;
  for (const entry of entries) {
    const {task} = entry.open;
    const isChange = entry.verdict.type === 'change';
    const isChecked = isChange || suspect || altered.meets(task.needs);
    if (isOpen(entry, rewritten) || (isChecked && isElsewhere(entry, steps))) break;
    if (isChange && isGuarded(entry) && changed.length > 0) break;
    through += 1;
    if (isChecked && !entry.sure) steps.push({type: 'check', entry});
    if (!isChange) continue;
    steps.push({type: 'change', entry});
    changed.push(entry);
    altered.add(task.affects);
    rewritten.add(task.needs.filter((need) => task.affects.includes(need)));
    if (single || endsSegment(entry)) break;
  }
  if (through < entries.length) {
    const ahead = probedAhead(entries, through, steps, rewritten);
    return {steps: [...steps, ...ahead], through};
  }
  const last = changed.at(-1);
  const isEnd = (last === undefined || (!single && !endsSegment(last))) && !isDelegated(steps);
  return {steps: isEnd ? [...steps, ...handlersOf(due, changed)] : steps, through};
}

/** It must be probed before it can be changed. */
const isOpen = (entry: TaskEntry, rewritten: Affected) =>
  mustProbe(entry) || (entry.verdict.type === 'change' && rewritten.has(entry.open.task.needs));

/** The next entries after the segment that must be probed, on the same host. */
function probedAhead(entries: readonly TaskEntry[], from: number, steps: readonly ScriptStep[], rewritten: Affected) {
  const probes: {readonly type: 'probe'; readonly entry: TaskEntry}[] = [];
  for (let index = from; index < entries.length && probes.length < AHEAD; index++) {
    const entry = entries[index];
    if (entry && isOpen(entry, rewritten) && !isElsewhere(entry, [...steps.slice(0, 1), ...probes]))
      probes.push({type: 'probe', entry});
  }
  return probes;
}

function handlersOf(due: readonly Handler[], changed: readonly TaskEntry[]): readonly ScriptStep[] {
  const all = [...due, ...changed.flatMap(({open}) => open.task.notify)];
  const named = new Map(all.map((handler) => [handler.id, handler]));
  return [...named.values()].map((handler) => ({type: 'handler', handler}));
}

const endsSegment = (entry: TaskEntry) =>
  isGuarded(entry) || entry.open.task.until !== undefined || (entry.open.task.retries ?? 0) > 0;

const isGuarded = ({verdict}: TaskEntry) => verdict.type === 'change' && verdict.guard !== undefined;

function isElsewhere(entry: TaskEntry, steps: readonly ScriptStep[]): boolean {
  const [first] = steps;
  return first !== undefined && first.type !== 'handler' && !sameHost(entry, first.entry);
}

const sameHost = (one: TaskEntry, other: TaskEntry) => one.open.task.delegateTo === other.open.task.delegateTo;

function isDelegated([first]: readonly ScriptStep[]): boolean {
  return first !== undefined && first.type !== 'handler' && first.entry.open.task.delegateTo !== undefined;
}
