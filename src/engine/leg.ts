import {Affected, type Handler} from '../model/index.js';
import {type Entry, mustAsk} from './host-run.js';
import type {ScriptStep} from './step-command.js';

/** What one script does on the way through a play. */
export interface Leg {
  readonly steps: readonly ScriptStep[];
  /** How many of the entries are through with when all goes as expected. */
  readonly through: number;
}

/** What is known where a leg begins. */
export interface LegStart {
  /** What earlier changes may have altered. */
  readonly affected: Affected;
  /** Nothing is taken for granted: what is as wished is looked at again, too. */
  readonly suspect: boolean;
  /** Handlers that are due already. */
  readonly due: readonly Handler[];
  /** No more than one change. */
  readonly single: boolean;
}

/** Entries that are asked ahead at the end of a leg: enough to save round trips, few enough to be asked seldom twice. */
const AHEAD = 16;

/**
 * As much of a play as can be sent in one script: each change after a check, on the host, that the state is the one it was
 * planned for; a check of what is as wished and may have been altered; and at the end the handlers. The script stops by
 * itself at an answer that is another one. It ends before an entry of which nothing is known, or whose file was rewritten
 * on the way, after a change that may be made again or may lock out, and where another host's turn comes; then the
 * next entries of which nothing is known are asked.
 *
 * Each entry is asked once where it stands, and few are asked ahead: the work grows with the number of entries.
 */
export function nextLeg(entries: readonly Entry[], {affected, suspect, due, single}: LegStart): Leg {
  const altered = affected.copy();
  const rewritten = new Affected();
  const steps: ScriptStep[] = [];
  const changed: Entry[] = [];
  let through = 0;
  for (const entry of entries) {
    const {task} = entry.open;
    const isChange = entry.verdict.type === 'change';
    const isLooked = isChange || suspect || altered.meets(task.needs);
    if (isOpen(entry, rewritten) || (isLooked && isElsewhere(entry, steps))) break;
    if (isChange && isGuarded(entry) && changed.length > 0) break;
    through += 1;
    if (isLooked && !entry.sure) steps.push({type: 'check', entry});
    if (!isChange) continue;
    steps.push({type: 'change', entry});
    changed.push(entry);
    altered.add(task.affects);
    rewritten.add(task.needs.filter((need) => task.affects.includes(need)));
    if (single || endsLeg(entry)) break;
  }
  if (through < entries.length) {
    const ahead = askedAhead(entries, through, steps, rewritten);
    return {steps: [...steps, ...ahead], through};
  }
  const last = changed.at(-1);
  const isEnd = (last === undefined || (!single && !endsLeg(last))) && !isDelegated(steps);
  return {steps: isEnd ? [...steps, ...handlersOf(due, changed)] : steps, through};
}

/** Nothing can be done about it before it is asked. */
const isOpen = (entry: Entry, rewritten: Affected) =>
  mustAsk(entry) || (entry.verdict.type === 'change' && rewritten.has(entry.open.task.needs));

/** Those behind what the leg does that are still open, on the host where it is. */
function askedAhead(entries: readonly Entry[], from: number, steps: readonly ScriptStep[], rewritten: Affected) {
  const asked: {readonly type: 'probe'; readonly entry: Entry}[] = [];
  for (let index = from; index < entries.length && asked.length < AHEAD; index++) {
    const entry = entries[index];
    if (entry && isOpen(entry, rewritten) && !isElsewhere(entry, [...steps.slice(0, 1), ...asked]))
      asked.push({type: 'probe', entry});
  }
  return asked;
}

function handlersOf(due: readonly Handler[], changed: readonly Entry[]): readonly ScriptStep[] {
  const all = [...due, ...changed.flatMap(({open}) => open.task.notify)];
  const named = new Map(all.map((handler) => [handler.id, handler]));
  return [...named.values()].map((handler) => ({type: 'handler', handler}));
}

const endsLeg = (entry: Entry) =>
  isGuarded(entry) || entry.open.task.until !== undefined || (entry.open.task.retries ?? 0) > 0;

const isGuarded = ({verdict}: Entry) => verdict.type === 'change' && verdict.guard !== undefined;

function isElsewhere(entry: Entry, steps: readonly ScriptStep[]): boolean {
  const [first] = steps;
  return first !== undefined && first.type !== 'handler' && !sameHost(entry, first.entry);
}

const sameHost = (one: Entry, other: Entry) => one.open.task.delegateTo === other.open.task.delegateTo;

function isDelegated([first]: readonly ScriptStep[]): boolean {
  return first !== undefined && first.type !== 'handler' && first.entry.open.task.delegateTo !== undefined;
}
