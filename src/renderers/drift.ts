import type {Drift} from '../model/index.js';
import type {Paint} from './color.js';
import {paintShown} from './shown.js';
import {visible, visibleLine, wrap} from './text.js';

/** What is not as it was when a saved plan was made: the task, and from planned to present each attribute. */
export function renderDrift({task, play, note, lines = []}: Drift, width: number, paint: Paint): string[] {
  return [
    `  ${paint('bold', visible(task))}${play ? ` (play ${visible(play)})` : ''}, planned → present`,
    ...(note === undefined ? [] : wrap(note, width - MARGIN.length)).map((line) => `${MARGIN}${line}`),
    ...paintShown(lines.map(visibleLine), paint).map((line) => `${MARGIN}${line}`.trimEnd()),
  ];
}

const MARGIN = '    ';
