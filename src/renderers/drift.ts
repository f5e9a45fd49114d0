import type {Drift} from '../model/index.js';
import {renderAttribute} from './attribute.js';
import type {Paint} from './color.js';
import {visible, wrap} from './text.js';

/** What is not as it was when a saved plan was made: the task, and from planned to present each attribute. */
export function renderDrift({task, play, note, changes = []}: Drift, width: number, paint: Paint): string[] {
  const place = {action: 'update' as const, id: task.replace(/^\S+ /, ''), width: width - MARGIN.length};
  const lines = changes.flatMap((change) => renderAttribute(change, place, paint));
  return [
    `  ${paint('bold', visible(task))}${play ? ` (play ${visible(play)})` : ''}, planned → present`,
    ...(note === undefined ? [] : wrap(note, width - MARGIN.length)).map((line) => `${MARGIN}${line}`),
    ...lines.map((line) => `${MARGIN}${line}`.trimEnd()),
  ];
}

const MARGIN = '    ';
