import {type Drift, paint, type StyledText, styled} from '../model/index.js';
import {renderDiff} from './diff.js';
import {indented, wrap} from './text.js';

/** What is not as it was when a plan was made: the task, and from planned to present each attribute. */
export function renderDrift({task, play, note, changes = []}: Drift, width: number): StyledText[] {
  const below = [
    ...(note === undefined ? [] : wrap(note, width - MARGIN)),
    ...changes.flatMap((change) => renderDiff(change, width - MARGIN)),
  ];
  // Contents end with an empty line, which parts them from what comes after.
  const end = below.findLastIndex((line) => String(line) !== '') + 1;
  return [
    styled`${paint('bold', task)}${play ? ` (play ${play})` : ''}, planned → present`,
    ...below.slice(0, end).map((line) => indented(MARGIN, line)),
  ];
}

/** Columns before what differs. */
const MARGIN = 2;
