import {type Drift, paint, type StyledText, styled} from '../model/index.js';
import {paintShown} from './shown.js';
import {indented, wrap} from './text.js';

/** What is not as it was when a saved plan was made: the task, and from planned to present each attribute. */
export function renderDrift({task, play, note, lines = []}: Drift, width: number): StyledText[] {
  return [
    styled`  ${paint('bold', task)}${play ? ` (play ${play})` : ''}, planned → present`,
    ...(note === undefined ? [] : wrap(note, width - MARGIN)).map((line) => indented(MARGIN, line)),
    ...paintShown(lines).map((line) => indented(MARGIN, line)),
  ];
}

/** Columns before what differs. */
const MARGIN = 4;
