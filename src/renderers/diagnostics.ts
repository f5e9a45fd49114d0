import {relative} from 'node:path';
import {styleText} from 'node:util';
import {type Diagnostic, type Position, renderPosition} from '../model/index.js';

/**
 * Faults in the user's files as compilers show them: place and message, the line with a caret below it, the next step.
 * Paths are relative to the working folder where that is shorter. Ends with a line break; empty for no diagnostics.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], {color}: {readonly color: boolean}): string {
  const paint: Paint = color ? (style, text) => styleText(style, text, {validateStream: false}) : (_, text) => text;
  return diagnostics.map((each) => `${renderDiagnostic(each, paint).join('\n')}\n`).join('\n');
}

type Paint = (style: 'bold' | 'red' | 'blue' | 'cyan', text: string) => string;

function renderDiagnostic({message, at, excerpt, hint}: Diagnostic, paint: Paint): string[] {
  const place = at === undefined ? '' : `${paint('bold', renderPosition({...at, file: shortPath(at.file)}))} `;
  return [
    `${place}${paint('red', 'error:')} ${message}`,
    ...(at === undefined || excerpt === undefined ? [] : renderExcerpt(at, excerpt, paint)),
    ...(hint === undefined ? [] : [`${paint('cyan', 'help:')} ${hint}`]),
  ];
}

function renderExcerpt({line, column}: Position, excerpt: string, paint: Paint): string[] {
  const gutter = ' '.repeat(String(line).length);
  const {text, caret} = clip(printable(excerpt), column - 1);
  return [
    `${paint('blue', `${gutter} |`)}`,
    `${paint('blue', `${line} |`)} ${text}`.trimEnd(),
    `${paint('blue', `${gutter} |`)} ${' '.repeat(caret)}${paint('red', '^')}`,
  ];
}

const WIDTH = 110;

/** A window of a long line around the caret. */
function clip(text: string, caret: number): {text: string; caret: number} {
  if (text.length <= WIDTH) return {text, caret};
  const start = Math.max(0, Math.min(caret - WIDTH / 2, text.length - WIDTH));
  const shown = text.slice(start, start + WIDTH);
  const [before, after] = [start > 0 ? '…' : '', start + WIDTH < text.length ? '…' : ''];
  return {text: before + shown + after, caret: caret - start + before.length};
}

/** Tabs and control characters take one column each, so that the caret stays below its character. */
const printable = (text: string) => text.replaceAll('\t', ' ').replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '�');

function shortPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === '' || path.startsWith('../..') || path.length > file.length ? file : path;
}
