import {isUtf8} from 'node:buffer';
import {type Content, paint, type StyledText, styled} from '../model/index.js';
import {MASK} from '../shell/index.js';
import {HIDDEN, type Line, lineEnds, linesOf, withoutReturns} from './content-lines.js';
import {renderHunk, renderLines, type Sides} from './hunk.js';
import {diffLines, hunksOf, type Step} from './line-diff.js';
import {counted, renderSize, widthOf} from './text.js';

/** Bytes of text beyond which a content is told by size and digest only. */
const LIMIT = 64 * 1024;

/** Lines beyond which a content that goes is told by size and digest only. */
const MOST_DELETED = 100;

/**
 * What changes in a content: all lines of one that comes or goes (the other is `undefined`), else a unified diff under
 * the name of the thing. Where a diff would be unreadable (binary, large, unknown bytes, nothing in common) sizes and
 * digests. What is sensitive is masked, line by line where it is known where secrets stand. Ends with an empty line
 * where it has lines of a content.
 */
export function renderContent(
  label: string,
  name: string,
  before: Content | undefined,
  after: Content | undefined,
): StyledText[] {
  if (hidesAll(before, after)) return [renderSensitiveContent(label, before, after)];
  if ((before ?? after)?.size === 0 && (after ?? before)?.size === 0) return [styled`${label}: empty`];
  const obstacle = obstacleOf(before) ?? obstacleOf(after);
  if (obstacle !== undefined) return renderDigests(label, before, after, obstacle);
  if (before === undefined || after === undefined) return renderOneSide(label, before, after);
  return renderDiff(label, name, before, after);
}

/** That a secret content changes and how much of it, never what or a digest of it, which could be guessed from. */
export function renderSensitiveContent(
  label: string,
  before: Content | undefined,
  after: Content | undefined,
): StyledText {
  const shown = after ?? before;
  const known = obstacleOf(before) === undefined && obstacleOf(after) === undefined;
  if (shown === undefined || !known) return styled`${label}: ${MASK}${before && after ? ' changes' : ''}`;
  const lines = counted(linesOf(shown).length, 'line');
  const changed = before && after ? countChanged(linesOf(before), linesOf(after)) : undefined;
  return styled`${label}: (sensitive, ${lines}${changed === undefined ? '' : `, ${changed} changed`})`;
}

/** Whether nothing of a content may be shown: it is sensitive, and where is not known. */
function hidesAll(before: Content | undefined, after: Content | undefined): boolean {
  if (after === undefined) return before?.sensitive === true;
  return after.sensitive && after.secretParts === undefined;
}

/** Why a content cannot be compared as text. */
function obstacleOf(content: Content | undefined): string | undefined {
  if (content === undefined) return undefined;
  if (content.size > LIMIT) return 'over 64 KiB';
  if (content.bytes === undefined) return 'content not read';
  return content.bytes.includes(0) || !isUtf8(content.bytes) ? 'binary' : undefined;
}

function renderDigests(label: string, before: Content | undefined, after: Content | undefined, why: string) {
  const both = (show: (content: Content) => string) =>
    [before, after]
      .filter((content) => content !== undefined)
      .map((content) => (content.sensitive ? MASK : show(content)))
      .join(' → ');
  const margin = ' '.repeat(Math.max(1, widthOf(label) - 5));
  return [styled`${label}: ${both(({size}) => renderSize(size))}, ${why}`, styled`sha256:${margin}${both(digest)}`];
}

const digest = ({sha256}: Content) => sha256.slice(0, 16);

function renderOneSide(label: string, before: Content | undefined, after: Content | undefined): StyledText[] {
  const lines = linesOf(after ?? before);
  if (after === undefined && lines.length > MOST_DELETED) {
    return renderDigests(label, before, after, counted(lines.length, 'line'));
  }
  const ends = lineEnds(lines) === 'CRLF' ? ', ending with CRLF' : '';
  const shown = ends === '' ? lines : withoutReturns(lines);
  return [
    styled`${label}: ${counted(lines.length, 'line')}${ends}`,
    ...renderLines(after === undefined ? '-' : '+', shown),
    styled``,
  ];
}

function renderDiff(label: string, name: string, before: Content, after: Content): StyledText[] {
  const {ends, ...sides} = comparable(before, after);
  const steps = compare(sides.before, sides.after);
  if (steps === undefined) return renderDigests(label, before, after, 'too different to compare');
  const isBlind = (step: Step) => sides.after[step.after]?.shown.trim() === HIDDEN;
  const hunks = hunksOf(steps, isBlind);
  return [
    ...(ends === undefined ? [] : [styled`line ends: ${ends}`]),
    ...(hunks.length === 0 ? [] : [paint('bold', `--- ${name}`), paint('bold', `+++ ${name}`)]),
    ...hunks.flatMap((hunk) => renderHunk(hunk, sides)),
    ...(hunks.length === 0 ? [] : [styled``]),
  ];
}

/** The lines to compare. When all lines change their ends, that is said once and left out of the comparison. */
function comparable(before: Content, after: Content): Sides & {readonly ends?: string} {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const masked = before.sensitive || after.sensitive;
  const [from, to] = [lineEnds(old), lineEnds(fresh)];
  const isWall = from !== undefined && to !== undefined && from !== to && old.length > 1 && fresh.length > 1;
  if (!isWall) return {before: old, after: fresh, masked};
  const ends = `${from} → ${to} on all ${counted(fresh.length, 'line')}`;
  return {before: withoutReturns(old), after: withoutReturns(fresh), masked, ends};
}

function compare(before: readonly Line[], after: readonly Line[]): readonly Step[] | undefined {
  const key = ({text, ended}: Line) => (ended ? `${text}\n` : text);
  return diffLines(before.map(key), after.map(key));
}

/** How many lines differ: the larger of those that go and those that come. */
function countChanged(before: readonly Line[], after: readonly Line[]): number | undefined {
  const steps = compare(before, after);
  const count = (sign: Step['sign']) => steps?.filter((step) => step.sign === sign).length ?? 0;
  return steps && Math.max(count('+'), count('-'));
}
