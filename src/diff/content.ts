import {isUtf8} from 'node:buffer';
import type {Content, DiffBody, DiffDigest, LineEnd} from '../model/index.js';
import {diffLines, hunksOf, type LineStep} from './compare.js';
import {type ContentLine, HIDDEN, lineEnds, linesOf, type MaskText, withoutReturns} from './content-lines.js';
import {rowsOf, rowsOfHunk, type Sides} from './rows.js';

/** Bytes of text beyond which a content is shown by size and digest only. */
const LIMIT = 64 * 1024;

/** Lines beyond which a deleted content is shown by size and digest only. */
const MOST_DELETED = 100;

/** A content before and after a change. */
export interface ContentChange {
  /** The title of its diff: a path, or a thing and its attribute. */
  readonly title: string;
  /** Undefined where it is new. */
  readonly before: Content | undefined;
  /** Undefined where it is deleted. */
  readonly after: Content | undefined;
}

/**
 * What changes in a content: all lines of one that is new or deleted, else a unified diff. Sizes and digests where a
 * diff would be unreadable (binary, large, unknown bytes, nothing in common). What is sensitive is masked, line by line
 * where the places of secrets are known.
 */
export function diffContents({title, before, after}: ContentChange, mask: MaskText): DiffBody {
  if (hidesAll(before, after)) return hiddenContent(before, after);
  if ((before ?? after)?.size === 0 && (after ?? before)?.size === 0) return {kind: 'value', after: 'empty'};
  const obstacle = obstacleOf(before) ?? obstacleOf(after);
  if (obstacle !== undefined) return digests(before, after, obstacle, mask);
  if (before === undefined || after === undefined) return oneSide(before, after, mask);
  return diffTexts(title, before, after, mask);
}

/** That a secret content changes and how much of it; never the text or a digest, from which it could be guessed. */
export function hiddenContent(before: Content | undefined, after: Content | undefined): DiffBody {
  const shown = after ?? before;
  const changes = before !== undefined && after !== undefined;
  const known = obstacleOf(before) === undefined && obstacleOf(after) === undefined;
  if (shown === undefined || !known) return {kind: 'hidden', changes};
  const changed = changes ? countChanged(linesOf(before), linesOf(after)) : undefined;
  return {kind: 'hidden', changes, lines: linesOf(shown).length, ...(changed !== undefined && {changed})};
}

/** Whether nothing of a content may be shown: it is sensitive, and the places of its secrets are not known. */
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

function digests(before: Content | undefined, after: Content | undefined, because: string, mask: MaskText): DiffBody {
  return {
    kind: 'digests',
    ...(before && {before: digestOf(before, mask)}),
    ...(after && {after: digestOf(after, mask)}),
    because,
  };
}

/** A secret could be guessed from the digest of a content that holds one, even if that is not declared sensitive. */
function digestOf({sensitive, size, sha256, bytes}: Content, mask: MaskText): DiffDigest {
  return sensitive || holdsSecret(bytes, mask) ? 'secret' : {size, sha256};
}

/** Whether bytes that are not declared sensitive hold a secret. */
export function holdsSecret(bytes: Buffer | undefined, mask: MaskText): boolean {
  const text = bytes?.toString('latin1') ?? '';
  return mask(text) !== text;
}

function oneSide(before: Content | undefined, after: Content | undefined, mask: MaskText): DiffBody {
  const lines = linesOf(after ?? before, mask);
  if (after === undefined && lines.length > MOST_DELETED) {
    return digests(before, after, `${lines.length} lines`, mask);
  }
  const crlf = lineEnds(lines) === 'CRLF';
  const rows = rowsOf(after ? '+' : '-', crlf ? withoutReturns(lines) : lines);
  return {kind: 'lines', count: rows.length, rows, crlf};
}

function diffTexts(title: string, before: Content, after: Content, mask: MaskText): DiffBody {
  const {ends, ...sides} = comparable(before, after, mask);
  const steps = compare(sides.before, sides.after);
  if (steps === undefined) return digests(before, after, 'too different to compare', mask);
  const isBlind = (step: LineStep) => sides.after[step.after]?.shown.trim() === HIDDEN;
  const hunks = hunksOf(steps, isBlind).map(({before, after, steps: run}) => {
    return {before, after, rows: rowsOfHunk(run, sides)};
  });
  return {kind: 'hunks', title: mask(title), ...(ends && {ends: {...ends, lines: sides.after.length}}), hunks};
}

interface Comparable extends Sides {
  readonly ends?: {readonly before: LineEnd; readonly after: LineEnd};
}

/** The lines to compare. When all lines change their ends, that is shown once and left out of the comparison. */
function comparable(before: Content, after: Content, mask: MaskText): Comparable {
  const [old, fresh] = [linesOf(before, mask), linesOf(after, mask)];
  const masked = before.sensitive || after.sensitive;
  const [from, to] = [lineEnds(old), lineEnds(fresh)];
  const isWall = from !== undefined && to !== undefined && from !== to && old.length > 1 && fresh.length > 1;
  if (!isWall) return {before: old, after: fresh, masked};
  return {before: withoutReturns(old), after: withoutReturns(fresh), masked, ends: {before: from, after: to}};
}

function compare(before: readonly ContentLine[], after: readonly ContentLine[]): readonly LineStep[] | undefined {
  const key = ({text, ended}: ContentLine) => (ended ? `${text}\n` : text);
  return diffLines(before.map(key), after.map(key));
}

/** How many lines differ: the larger of those that go and those that come. */
function countChanged(before: readonly ContentLine[], after: readonly ContentLine[]): number | undefined {
  const steps = compare(before, after);
  const count = (sign: LineStep['sign']) => steps?.filter((step) => step.sign === sign).length ?? 0;
  return steps && Math.max(count('+'), count('-'));
}
