import {relative} from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import {type Failure, type Host, type Position, renderPosition} from '../model/index.js';
import {DEFAULT_WIDTH, type Paint, paintFor, type RenderOptions} from './color.js';
import {renderDrift} from './drift.js';
import {counted, hang, visible, visibleLine, wrap} from './text.js';

/** Lines of output shown: a failing command says why at the end. */
const OUTPUT_LINES = 20;

/**
 * A failure with all that is needed to act on it: host and task, what happened, the line of the user's file, the
 * command, its exit code, its last lines of output, one next step. Ends with a line break.
 */
export function renderFailure(
  failure: Failure,
  host: Pick<Host, 'name'>,
  {color, width = DEFAULT_WIDTH, stacks = false}: RenderOptions = {},
): string {
  const paint = paintFor(color);
  const {stack, ...known} = failure;
  const body = renderFailureBody(stacks ? failure : known, width, paint).map((line) => `  ${line}`.trimEnd());
  return `${[...renderTitle(failure, host, width, paint), ...body].join('\n')}\n`;
}

/** The same without host and task: below a task's name in a plan. Its stack is among the lines if it has one. */
export function renderFailureBody(failure: Failure, width: number, paint: Paint): string[] {
  const fields = [
    ...(failure.at ? renderField('at', [placeOf(failure.at)]) : []),
    ...(failure.command ? renderField('command', renderCommand(failure.command, width)) : []),
    ...(failure.exitCode === undefined ? [] : renderField('exit', [String(failure.exitCode)])),
    ...(failure.output?.trim() ? renderField('output', lastLines(failure.output)) : []),
    ...(failure.drift ?? []).flatMap((drift) => renderDrift(drift, width, paint).map((line) => line.slice(2))),
    ...(failure.hint ? renderField('next', hintLines(failure.hint, width)) : []),
    ...(failure.stack ? renderField('stack', stackLines(failure.stack)) : []),
  ];
  return [...wrap(visible(failure.message), width - 2), ...fields];
}

/** Where code was when it threw, innermost first. */
function stackLines(stack: string): string[] {
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return places.slice(0, STACK_LINES).map((line) => visibleLine(line.trim()));
}

/** Lines of a stack that are shown: what Node keeps by itself. */
const STACK_LINES = 10;

/** A hint may have several lines, such as a command of its own. */
function hintLines(hint: string, width: number): string[] {
  return hint.split('\n').flatMap((line) => wrap(visible(line), width - MARGIN));
}

/** `template /etc/motd: the new content is refused`: a failure in one line. */
export function renderReason({reason, task, message}: Failure): string {
  return visible(`${task ? `${task}: ` : `${reason}: `}${message}`);
}

/** Columns before the text of a field. */
const MARGIN = 11;

function renderTitle(failure: Failure, {name}: Pick<Host, 'name'>, width: number, paint: Paint): string[] {
  const what = failure.task ? `${failure.task}${failure.play ? ` (play ${failure.play})` : ''}` : failure.reason;
  const title = wrap(`✗ ${visible(name)}: ${visible(what)}`, width).map((line) => paint('red', line));
  return title;
}

function renderField(label: string, lines: readonly string[]): string[] {
  return hang(label.padEnd(MARGIN - 2), lines);
}

/** Below the working directory as people type it, elsewhere in full. */
export function placeOf(at: Position): string {
  const short = relative(process.cwd(), at.file);
  return visible(renderPosition(short.startsWith('..') ? at : {...at, file: short}));
}

function renderCommand(command: string, width: number): string[] {
  const lines = command.split('\n').map(visibleLine);
  const shown = lines.slice(0, 8).flatMap((line) => wrap(line, width - MARGIN));
  return lines.length > 8 ? [...shown, `… ${counted(lines.length - 8, 'more line')}`] : shown;
}

/** Of what a command printed: colours are taken off, and of a line that a progress display wrote over only what stayed. */
export function lastLines(output: string, most = OUTPUT_LINES): string[] {
  const lines = stripVTControlCharacters(output)
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => visibleLine(line.replace(/^.*\r(?=.)/, '')));
  const hidden = lines.length - most;
  const shown = lines.slice(-most);
  return hidden > 0 ? [`… ${counted(hidden, 'earlier line')}`, ...shown] : shown;
}
