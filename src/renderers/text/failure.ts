import {relative, resolve} from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import {
  counted,
  type Failure,
  fileLine,
  type Host,
  oneLine,
  type Position,
  paint,
  renderPosition,
  type Shown,
  type StyledText,
  visible,
  visibleLine,
} from '../../model/index.js';
import {renderDrift} from './diff.js';
import {DEFAULT_WIDTH, type RenderOptions} from './options.js';
import {endedLines, fill, hang, indented, wrap} from './text.js';

/** Lines of output that are shown: a failing command says why at the end. */
const OUTPUT_LINES = 20;

/**
 * A failure with everything that is needed to act on it: host and task, what happened, the line of the user's file, the
 * command, its exit code, its last lines of output, and one next step. Ends with a line break.
 */
export function renderFailure(
  failure: Failure,
  host: Pick<Host, 'name'>,
  {width = DEFAULT_WIDTH, stacks = false}: RenderOptions = {},
): StyledText {
  const {stack, ...known} = failure;
  const body = renderFailureBody(stacks ? failure : known, width).map((line) => indented(2, line));
  return endedLines([...renderTitle(failure, host, width), ...body]);
}

/** The same without host and task, to be shown below a task's name in a plan. Includes the stack if there is one. */
export function renderFailureBody(failure: Failure, width: number): StyledText[] {
  const fields = [
    ...(failure.at ? renderField('at', [placeOf(failure.at)]) : []),
    ...(failure.command ? renderField('command', renderCommand(failure.command, width)) : []),
    ...(failure.exitCode === undefined ? [] : renderField('exit', [String(failure.exitCode)])),
    ...(failure.output?.trim() ? renderField('output', lastLines(failure.output)) : []),
    ...(failure.drift ?? []).flatMap((drift) => renderDrift(drift, width - 2)),
    ...(failure.hint ? renderField('next', hintLines(failure.hint, width)) : []),
    ...(failure.stack ? renderField('stack', stackLines(failure.stack)) : []),
  ];
  return [...wrap(failure.message, width - 2).map(oneLine), ...fields];
}

/** The lines of a stack, innermost first. */
function stackLines(stack: string): StyledText[] {
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return places.slice(0, STACK_LINES).map((line) => fileLine(line.trim()));
}

/** Lines of a stack that are shown: as many as Node keeps by default. */
const STACK_LINES = 10;

/** The lines of a hint, which may have a command on a line of its own. */
function hintLines(hint: string, width: number): string[] {
  return hint.split('\n').flatMap((line) => wrap(line, width - MARGIN));
}

/** A failure on one line: `template /etc/motd: the new content is refused`. */
export function renderReason({reason, task, message}: Failure): string {
  return visible(`${task ? `${task}: ` : `${reason}: `}${message}`);
}

/** Columns before the text of a field. */
const MARGIN = 11;

function renderTitle(failure: Failure, {name}: Pick<Host, 'name'>, width: number): StyledText[] {
  const what = failure.task ? `${failure.task}${failure.play ? ` (play ${failure.play})` : ''}` : failure.reason;
  return wrap(`✗ ${name}: ${what}`, width).map((line) => paint('red', line));
}

function renderField(label: string, lines: readonly Shown[]): StyledText[] {
  return hang(label.padEnd(MARGIN - 2), lines);
}

/** A position: relative for a file below the working directory, else with the full path. */
export function placeOf(at: Position): string {
  const short = relative('', at.file);
  return renderPosition({...at, file: short.startsWith('..') ? resolve(at.file) : short});
}

function renderCommand(command: string, width: number): StyledText[] {
  const lines = command.split('\n').map(visibleLine);
  const shown = lines.slice(0, 8).flatMap((line) => fill(line.split(' '), width - MARGIN));
  const more = lines.length > 8 ? [`… ${counted(lines.length - 8, 'more line')}`] : [];
  return [...shown, ...more].map(fileLine);
}

/**
 * The last lines of what a command printed, without colours; of a line that a progress display overwrote, what is left.
 */
export function lastLines(output: string, most = OUTPUT_LINES): StyledText[] {
  const lines = stripVTControlCharacters(output)
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => fileLine(line.replace(/^.*\r(?=.)/, '')));
  const hidden = lines.length - most;
  const shown = lines.slice(-most);
  return hidden > 0 ? [oneLine(`… ${counted(hidden, 'earlier line')}`), ...shown] : shown;
}
