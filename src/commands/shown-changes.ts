import type {Action, AttributeChange, RunEvent} from '../model/index.js';
import {counted, renderChanged} from '../renderers/index.js';

/** Characters of one attribute's change that are kept. */
const LONGEST = 20_000;

/** Characters of all changes of a run that are kept. */
const MOST = 8_000_000;

/**
 * Makes events fit to be kept and printed: what a task changed stands in them as the lines that a plan shows of it, and
 * no value does. Of very much, the rest is counted.
 */
export function changesShown(): (event: RunEvent) => RunEvent {
  let room = MOST;
  return (event) => {
    if (event.type !== 'task-changed' || event.diff === undefined) return event;
    const id = event.task.slice(event.task.indexOf(' ') + 1);
    const diff = event.diff.map((change) => {
      const shown = keep(linesOf(change, event.action, id), Math.min(LONGEST, room));
      room -= shown.reduce((sum, line) => sum + line.length + 1, 0);
      return {name: change.name, before: undefined, after: undefined, sensitive: change.sensitive, shown};
    });
    return {...event, diff};
  };
}

function linesOf(change: AttributeChange, action: Action, id: string): readonly string[] {
  const lines = renderChanged(change, action, id);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function keep(lines: readonly string[], room: number): readonly string[] {
  let length = 0;
  const end = lines.findIndex((line) => {
    length += line.length + 1;
    return length > room;
  });
  return end < 0 ? lines : [...lines.slice(0, end), `… ${counted(lines.length - end, 'more line')} not kept`];
}
