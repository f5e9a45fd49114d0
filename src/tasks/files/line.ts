import {check, defineTask, optionsOf} from '../../model/index.js';
import {Secret} from '../../shell/index.js';
import {textOrSecret} from '../shared/checks.js';
import {
  changeEdit,
  desireEdit,
  EDIT_OPTIONS,
  type Edit,
  type EditOptions,
  parseEdit,
  prepareEdit,
  probeEdit,
} from '../shared/edit-file.js';
import {refusePath} from '../shared/path.js';
import {
  type Bytes,
  bytesOf,
  INSERT_PLACE,
  type InsertPlace,
  insertLines,
  type LinePattern,
  lineMatcher,
  linePattern,
} from '../shared/text-lines.js';

export interface LineSpec extends EditOptions, InsertPlace {
  /** The whole line, without line break. */
  readonly line?: string | Secret | undefined;
  /** The line it replaces (the last that matches), or with `absent` the lines to be deleted. */
  readonly match?: LinePattern | undefined;
}

/**
 * One line of a file, with the meaning of Ansible's `lineinfile`. With `match`, the last line that matches becomes
 * `line`; when none matches and `line` is nowhere yet, it is inserted. `absent` deletes the lines that match, or equal
 * `line`. The file keeps mode, owner and everything else in it.
 *
 * @example
 * line({path: '/etc/hosts', line: '192.0.2.10 lb1', match: / lb1$/})
 */
export const line = defineTask({
  type: 'line',
  options: optionsOf<LineSpec>({
    line: check.optional(textOrSecret),
    match: check.optional(linePattern),
    ...EDIT_OPTIONS,
    ...INSERT_PLACE,
  }),
  // Several lines of one file are usual: the id distinguishes them, without showing a secret.
  id: ({path, line, match}: LineSpec) => `${path}: ${match ?? line}`,
  restores: ({path}) => ({path, follow: true}),
  refuse: (spec) => refusePath(spec.path) ?? refuseLine(spec),
  prepare: (spec: LineSpec) => prepareEdit(spec, spec.line, editOf(spec)),
  probe: probeEdit,
  parse: parseEdit,
  desire: desireEdit,
  change: changeEdit,
  affects: ({path}) => [path],
});

function refuseLine({line, match, state, insertAfter, insertBefore}: LineSpec): string | undefined {
  if (line === undefined && (state !== 'absent' || match === undefined)) return 'give the line, or with absent a match';
  if (clear(line).includes('\n')) return 'a line must not hold a line break; use block for several lines';
  if (insertAfter !== undefined && insertBefore !== undefined) return 'give insertAfter or insertBefore, not both';
  return undefined;
}

function editOf(spec: LineSpec): Edit['edit'] {
  const line = bytesOf(clear(spec.line));
  const isMeant = spec.match === undefined ? (each: Bytes) => each === line : lineMatcher(spec.match);
  if (spec.state === 'absent') return (lines) => lines.filter((each) => !isMeant(each));
  return (lines) => {
    const index = lines.findLastIndex(isMeant);
    if (index >= 0) return lines.with(index, line);
    return lines.includes(line) ? lines : insertLines(lines, [line], spec);
  };
}

const clear = (line: string | Secret | undefined) => (line instanceof Secret ? line.reveal() : (line ?? ''));
