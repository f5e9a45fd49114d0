import {type AttributeChange, type Drift, paint, type StyledText, styled} from '../model/index.js';
import {renderAttribute} from './attribute.js';
import {renderDifference} from './change.js';
import {paintShown} from './shown.js';
import {indented, wrap} from './text.js';

/** What is not as it was when a plan was made: the task, and from planned to present each attribute. */
export function renderDrift({task, play, note, changes = [], lines = []}: Drift, width: number): StyledText[] {
  const place = {action: 'update', id: idOf(task), width: width - MARGIN} as const;
  const below = [
    ...(note === undefined ? [] : wrap(note, width - MARGIN)),
    ...changes.flatMap((change) => renderAttribute(change, place)),
    ...paintShown(lines),
  ];
  // Contents end with an empty line, which parts them from what comes after.
  const end = below.findLastIndex((line) => String(line) !== '') + 1;
  return [
    styled`${paint('bold', task)}${play ? ` (play ${play})` : ''}, planned → present`,
    ...below.slice(0, end).map((line) => indented(MARGIN, line)),
  ];
}

/** One attribute of a drift as it is shown, without colour: to be kept where the values themselves may not be. */
export function renderDriftChange(change: AttributeChange, {task}: Drift): string[] {
  return renderDifference(change, idOf(task));
}

/** A task is told as `type id`. */
const idOf = (task: string) => task.slice(task.indexOf(' ') + 1);

/** Columns before what differs. */
const MARGIN = 2;
