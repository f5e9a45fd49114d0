import {
  counted,
  type Diff,
  type DiffBody,
  type DiffDigest,
  type DiffHunk,
  type DiffRow,
  type DiffValue,
  type Drift,
  fileLine,
  joined,
  type LineRange,
  paint,
  type Style,
  type StyledText,
  styled,
  unreachable,
} from '../../model/index.js';
import {MASK} from '../../shell/index.js';
import {hang, indented, renderSize, widthOf, wrap} from './text.js';

/**
 * The change of one attribute: `mode: 0600 → 0644`, a unified diff of a text, or the items that are added to a list and
 * removed from it. Ends with an empty line if it has lines of content. `width`: of prose and values.
 */
export function renderDiff(diff: Diff, width: number): StyledText[] {
  return renderBody(diff.name, diff, width);
}

function renderBody(name: string, diff: DiffBody, width: number): StyledText[] {
  switch (diff.kind) {
    case 'value':
      return hang(`${name}: `, wrap(valuesOf(diff), width - widthOf(name) - 2));
    case 'items':
      return hang(`${name}: `, [
        ...diff.added.map((item) => paint('green', `+ ${item}`)),
        ...diff.removed.map((item) => paint('red', `- ${item}`)),
      ]);
    case 'hidden':
      return [styled`${name}: ${hidden(diff)}`];
    case 'digests':
      return renderDigests(name, diff);
    case 'lines': {
      const ends = diff.crlf ? ', ending with CRLF' : '';
      return [styled`${name}: ${counted(diff.count, 'line')}${ends}`, ...diff.rows.flatMap(renderRow), styled``];
    }
    case 'hunks':
      return renderHunks(diff);
    case 'cut':
      return renderCut(name, diff, width);
    default:
      return unreachable(diff);
  }
}

type Of<Kind extends DiffBody['kind']> = DiffBody & {readonly kind: Kind};

function valuesOf({before, after}: Of<'value'>): string {
  return [before, after].flatMap((value) => (value === undefined ? [] : textOf(value))).join(' → ');
}

function textOf(value: DiffValue): string {
  if (value === null) return '(none)';
  if (typeof value === 'object') return value.length === 0 ? '(none)' : value.join(', ');
  const text = String(value);
  return text === '' || text !== text.trim() ? JSON.stringify(text) : text;
}

function hidden({changes, lines, changed}: Of<'hidden'>): string {
  if (lines === undefined) return `${MASK}${changes ? ' changes' : ''}`;
  return `(sensitive, ${counted(lines, 'line')}${changed === undefined ? '' : `, ${changed} changed`})`;
}

function renderDigests(name: string, {before, after, because}: Of<'digests'>): StyledText[] {
  const both = (show: (content: Exclude<DiffDigest, string>) => string) =>
    [before, after].flatMap((side) => (side ? [typeof side === 'string' ? MASK : show(side)] : [])).join(' → ');
  const margin = ' '.repeat(Math.max(1, widthOf(name) - 5));
  return [
    styled`${name}: ${both(({size}) => renderSize(size))}, ${because}`,
    styled`sha256:${margin}${both(({sha256}) => sha256.slice(0, 16))}`,
  ];
}

function renderHunks({title, ends, hunks}: Of<'hunks'>): StyledText[] {
  const said = ends && styled`line ends: ${ends.before} → ${ends.after} on all ${counted(ends.lines, 'line')}`;
  if (hunks.length === 0) return said ? [said] : [];
  const head = [paint('bold', `--- ${title}`), paint('bold', `+++ ${title}`)];
  return [...(said ? [said] : []), ...head, ...hunks.flatMap(renderHunk), styled``];
}

function renderHunk({before, after, rows}: DiffHunk): StyledText[] {
  return [paint('cyan', `@@ -${rangeOf(before)} +${rangeOf(after)} @@`), ...rows.flatMap(renderRow)];
}

const rangeOf = ({from, count}: LineRange) => `${from},${count}`;

const STYLES: Readonly<Partial<Record<DiffRow['sign'], Style>>> = {'+': 'green', '-': 'red'};

/** A line with its sign; the words that differ are inverse. */
function renderRow({sign, pieces, unended}: DiffRow): StyledText[] {
  const text = pieces.map((piece) => (piece.changed ? fileLine(piece.text).in('inverse') : fileLine(piece.text)));
  const line = joined([sign, ...text], '');
  const style = STYLES[sign];
  return [style ? line.in(style) : line, ...(unended ? [paint('dim', '\\ No newline at end of file')] : [])];
}

function renderCut(name: string, {kept, left}: Of<'cut'>, width: number): StyledText[] {
  const shown = kept === undefined ? [] : renderBody(name, kept, width).filter((line) => String(line) !== '');
  return [...shown, styled`… ${counted(left, 'more line')} not kept`];
}

/** What differs from the time of the plan: the task, and each attribute, from planned to present. */
export function renderDrift({task, play, note, changes = []}: Drift, width: number): StyledText[] {
  const below = [
    ...(note === undefined ? [] : wrap(note, width - MARGIN)),
    ...changes.flatMap((change) => renderDiff(change, width - MARGIN)),
  ];
  // Contents end with an empty line, which separates them from what follows.
  const end = below.findLastIndex((line) => String(line) !== '') + 1;
  return [
    styled`${paint('bold', task)}${play ? ` (play ${play})` : ''}, planned → present`,
    ...below.slice(0, end).map((line) => indented(MARGIN, line)),
  ];
}

/** Columns before the attributes. */
const MARGIN = 2;
