import {type Content, type SecretPart, visibleLine} from '../model/index.js';

/** Stands for something hidden in a text that is otherwise visible, where it can stand for nothing else. */
export const HIDDEN = '\0';

/** A line of a content. */
export interface Line {
  /** As it is, without its line feed. */
  readonly text: string;
  /** False for a last line that lacks its line feed. */
  readonly ended: boolean;
  /** For people: with control characters visible and secrets as {@link HIDDEN}. */
  readonly shown: string;
}

/** The lines of a content that is text. */
export function linesOf(content: Content | undefined): Line[] {
  const text = content?.bytes?.toString() ?? '';
  const lines = text.split('\n');
  const ended = lines.at(-1) === '';
  if (ended) lines.pop();
  const parts = content?.sensitive ? (content.secretParts ?? [[0, text.length] as const]) : [];
  let start = 0;
  return lines.map((line, index) => {
    const from = start;
    start += line.length + 1;
    return {text: line, ended: ended || index < lines.length - 1, shown: show(line, from, parts)};
  });
}

/** How all lines of a content end, when they end alike. */
export function lineEnds(lines: readonly Line[]): 'CRLF' | 'LF' | undefined {
  const ended = lines.filter((line) => line.ended);
  const returns = ended.filter(({text}) => text.endsWith('\r')).length;
  if (returns === 0) return 'LF';
  return returns === ended.length ? 'CRLF' : undefined;
}

/** Lines as if they ended with a line feed alone. */
export function withoutReturns(lines: readonly Line[]): Line[] {
  return lines.map((line) => ({...line, text: line.text.replace(/\r$/, ''), shown: line.shown.replace(/␍$/, '')}));
}

function show(line: string, start: number, parts: readonly SecretPart[]): string {
  const end = start + line.length;
  let at = start;
  let shown = '';
  for (const [from, to] of parts.filter(([from, to]) => from < end && to > start)) {
    shown += `${visibleLine(line.slice(at - start, Math.max(from - start, 0)))}${HIDDEN}`;
    at = Math.min(to, end);
  }
  return `${shown}${visibleLine(line.slice(at - start))}`;
}
