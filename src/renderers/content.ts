import {isUtf8} from 'node:buffer';
import type {Content} from '../model/index.js';
import type {Paint} from './color.js';
import {countChangedLines, diffLines, type Hunk} from './line-diff.js';
import {counted, renderSize, visible, visibleLine} from './text.js';

/** Bytes of text beyond which a content is told by size and digest only. */
const LIMIT = 64 * 1024;

/**
 * What changes in a content, as a unified diff under the name of the thing. Where a diff would be unreadable (binary,
 * large, unknown bytes, nothing in common) sizes and digests. `undefined`: the thing has no content before or after.
 * A diff ends with an empty line.
 */
export function renderContent(
  label: string,
  name: string,
  before: Content | undefined,
  after: Content | undefined,
  paint: Paint,
): string[] {
  if ((before ?? after)?.size === 0 && (after ?? before)?.size === 0) return [`${label}: empty`];
  const obstacle = obstacleOf(before) ?? obstacleOf(after);
  if (obstacle !== undefined) return renderDigests(label, before, after, obstacle);
  const hunks = diffLines(textOf(before), textOf(after));
  if (hunks === undefined) return renderDigests(label, before, after, 'too different to compare');
  return [
    paint('bold', `--- ${before ? visible(name) : '/dev/null'}`),
    paint('bold', `+++ ${after ? visible(name) : '/dev/null'}`),
    ...hunks.flatMap((hunk) => renderHunk(hunk, paint)),
    '',
  ];
}

/** That a secret content changes and how much of it, never what or a digest of it, which could be guessed from. */
export function renderSensitiveContent(label: string, before: Content | undefined, after: Content | undefined): string {
  const shown = after ?? before;
  const known = obstacleOf(before) === undefined && obstacleOf(after) === undefined;
  if (shown === undefined || !known) return `${label}: (sensitive)${before && after ? ' changes' : ''}`;
  const lines = counted(textOf(shown).split(/\n(?!$)/).length, 'line');
  const changed = before && after ? countChangedLines(textOf(before), textOf(after)) : undefined;
  return `${label}: (sensitive, ${lines}${changed === undefined ? '' : `, ${changed} changed`})`;
}

/** Why a content cannot be compared as text. */
function obstacleOf(content: Content | undefined): string | undefined {
  if (content === undefined) return undefined;
  if (content.size > LIMIT) return 'over 64 KiB';
  if (content.bytes === undefined) return 'content not read';
  return content.bytes.includes(0) || !isUtf8(content.bytes) ? 'binary' : undefined;
}

const textOf = (content: Content | undefined) => content?.bytes?.toString() ?? '';

function renderDigests(label: string, before: Content | undefined, after: Content | undefined, why: string): string[] {
  const both = (show: (content: Content) => string) =>
    [before, after]
      .filter((content) => content !== undefined)
      .map(show)
      .join(' → ');
  const margin = ' '.repeat(Math.max(1, label.length - 5));
  return [`${label}: ${both(({size}) => renderSize(size))}, ${why}`, `sha256:${margin}${both(digest)}`];
}

const digest = ({sha256}: Content) => sha256.slice(0, 16);

function renderHunk({header, lines}: Hunk, paint: Paint): string[] {
  return [paint('cyan', header), ...lines.map((line) => renderLine(line, paint))];
}

function renderLine(line: string, paint: Paint): string {
  const sign = line.slice(0, 1);
  const text = `${sign}${visibleLine(line.slice(1))}`;
  if (sign === '+') return paint('green', markTrailing(text));
  if (sign === '-') return paint('red', markTrailing(text));
  return sign === '\\' ? paint('dim', text) : text;
}

/** Blanks at the end of a line that comes or goes would be invisible, and sometimes they are all that differs. */
function markTrailing(text: string): string {
  return text.replace(/[ \t]+(?=␍?$)/, (blanks) => blanks.replaceAll(' ', '␠').replaceAll('\t', '␉'));
}
