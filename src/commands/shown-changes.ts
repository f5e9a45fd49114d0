import type {Action, AttributeChange, Drift, Failure, RunEvent} from '../model/index.js';
import {counted, renderChanged, renderDriftChange} from '../renderers/index.js';

/** Characters of one attribute's change that are kept. */
const LONGEST = 20_000;

/** Characters of all changes of a run that are kept. */
const MOST = 8_000_000;

/**
 * Makes events fit to be kept and printed: what a task changed, and what differs from the plan, stands in them as the
 * lines that people are shown of it, and no value does. Of very much, the rest is counted.
 */
export function changesShown(): (event: RunEvent) => RunEvent {
  let room = MOST;
  const keepShown = (lines: readonly string[]) => {
    const whole = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
    const kept = keep(whole, Math.min(LONGEST, room));
    room -= kept.reduce((sum, line) => sum + line.length + 1, 0);
    return kept;
  };
  return (event) => {
    if ('failure' in event) return {...event, failure: withoutValues(event.failure, keepShown)};
    if (event.type !== 'task-changed' || event.diff === undefined) return event;
    const {action, task} = event;
    return {...event, diff: event.diff.map((change) => changeAsLines(change, action, task, keepShown))};
  };
}

type Keep = (lines: readonly string[]) => readonly string[];

function changeAsLines(change: AttributeChange, action: Action, task: string, keepShown: Keep): AttributeChange {
  const shown = keepShown(renderChanged(change, action, task.slice(task.indexOf(' ') + 1)));
  return {name: change.name, before: undefined, after: undefined, sensitive: change.sensitive, shown};
}

function withoutValues(failure: Failure, keepShown: Keep): Failure {
  if (failure.drift === undefined) return failure;
  return {...failure, drift: failure.drift.map((drift) => driftAsLines(drift, keepShown))};
}

function driftAsLines(drift: Drift, keepShown: Keep): Drift {
  const {changes, lines = [], ...known} = drift;
  if (changes === undefined) return drift;
  return {...known, lines: [...changes.flatMap((each) => keepShown(renderDriftChange(each, drift))), ...lines]};
}

function keep(lines: readonly string[], room: number): readonly string[] {
  let length = 0;
  const end = lines.findIndex((line) => {
    length += line.length + 1;
    return length > room;
  });
  return end < 0 ? lines : [...lines.slice(0, end), `… ${counted(lines.length - end, 'more line')} not kept`];
}
