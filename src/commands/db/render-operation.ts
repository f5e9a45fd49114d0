import type {Operation} from '../../database/operation.js';
import {joined, paint, type StyledText, styled} from '../../model/index.js';
import {
  DEFAULT_WIDTH,
  endedLines,
  linesOfNote,
  pad,
  type RenderOptions,
  renderNote,
  widthOf,
  wrap,
} from '../../renderers/index.js';

/** The steps of an operation for people who decide about it. Ends with a line break. */
export function renderOperation({title, notes, steps}: Operation, style: RenderOptions = {}): StyledText {
  const {width = DEFAULT_WIDTH} = style;
  const column = Math.max(0, ...steps.map(({host}) => widthOf(host)));
  const number = String(steps.length).length;
  const lines = steps.map(({host, text, isFinal}, index) => {
    const start = `  ${String(index + 1).padStart(number)}  ${pad(host, column)}  `;
    const [first = '', ...rest] = wrap(text, width - widthOf(start));
    const more = rest.map((line) => styled`${' '.repeat(widthOf(start))}${line}`);
    return joined([styled`${start}${isFinal ? paint('bold', first) : first}`, ...more]);
  });
  const below = notes.flatMap((each) => renderNote(linesOfNote(each, width - 4)));
  return endedLines([styled`${paint('bold', title)}`, ...lines, ...below]);
}
