import {relative} from 'node:path';
import {
  columnsOf,
  type Diagnostic,
  headOf,
  type Position,
  paint,
  renderPosition,
  type StyledText,
  severalLines,
  styled,
  visible,
} from '../../model/index.js';
import {endedLines} from './text.js';

/**
 * Faults in the user's files in the form of compilers: position and message, the line with a caret below it, the next
 * step. Paths are relative to the working directory if that is shorter. Ends with a line break; empty without faults.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[]): StyledText {
  const shown = diagnostics.map(renderDiagnostic);
  return endedLines(shown.flatMap((lines, index) => (index === 0 ? lines : [styled``, ...lines])));
}

function renderDiagnostic({message, at, excerpt, hint}: Diagnostic): StyledText[] {
  const place = at === undefined ? '' : styled`${paint('bold', renderPosition({...at, file: shortPath(at.file)}))} `;
  return [
    styled`${place}${paint('red', 'error:')} ${below(message)}`,
    ...(at === undefined || excerpt === undefined ? [] : renderExcerpt(at, excerpt)),
    ...(hint === undefined ? [] : [styled`${paint('cyan', 'help:')} ${severalLines(hint)}`]),
  ];
}

/** Further lines of a message are indented, so that they do not look like another fault. */
const below = (text: string) => severalLines(text.replaceAll(/\n(?! |$)/g, '\n  '));

function renderExcerpt({line, column}: Position, excerpt: string): StyledText[] {
  const gutter = ' '.repeat(String(line).length);
  const {text, caret} = clip(printable(excerpt.slice(0, column - 1)), printable(excerpt.slice(column - 1)));
  return [
    paint('blue', `${gutter} |`),
    styled`${paint('blue', `${line} |`)} ${text}`.trimEnd(),
    styled`${paint('blue', `${gutter} |`)} ${' '.repeat(caret)}${paint('red', '^')}`,
  ];
}

const WIDTH = 110;

/** A window of a long line around the caret, which is between the two parts of the line. Gives its column too. */
function clip(left: string, right: string): {text: string; caret: number} {
  const [text, caret] = [left + right, columnsOf(left)];
  const columns = columnsOf(text);
  if (columns <= WIDTH) return {text, caret};
  const skipped = headOf(text, Math.max(0, Math.min(caret - WIDTH / 2, columns - WIDTH)));
  const rest = text.slice(skipped.length);
  const shown = headOf(rest, WIDTH);
  const [before, after] = [skipped && '…', shown === rest ? '' : '…'];
  return {text: before + shown + after, caret: caret - columnsOf(skipped) + before.length};
}

/** A tab becomes one blank, and each code unit of an invisible character one sign. */
const printable = (text: string) => Array.from(text.replaceAll('\t', ' '), oneColumn).join('');

const oneColumn = (character: string) => (visible(character) === character ? character : '�'.repeat(character.length));

function shortPath(file: string): string {
  const path = relative('', file);
  return path === '' || path.startsWith('../..') || path.length > file.length ? file : path;
}
