import {type Content, type SecretPart, visibleLine} from '../model/index.js';
import {MASK} from '../shell/index.js';

/** Stands for a secret in visible text, which never has this character otherwise. */
export const HIDDEN = '\0';

/** Puts `(sensitive)` over every secret in a text. */
export type MaskText = (text: string) => string;

/** A line of a content. */
export interface ContentLine {
  /** As it is, without its line feed. */
  readonly text: string;
  /** False for a last line that lacks its line feed. */
  readonly ended: boolean;
  /** With control characters visible, and known secrets as {@link HIDDEN}. */
  readonly visible: string;
  /** For people: the same, also with the secret parts of this content as {@link HIDDEN}. */
  readonly shown: string;
}

/** The lines of a content that is text. */
export function linesOf(content: Content | undefined, mask: MaskText = (text) => text): readonly ContentLine[] {
  const text = content?.bytes?.toString() ?? '';
  const lines = text.split('\n');
  const ended = lines.at(-1) === '';
  if (ended) lines.pop();
  const parts = content?.sensitive ? (content.secretParts ?? [[0, text.length] as const]) : [];
  let start = 0;
  const all = lines.map((line, index) => {
    const from = start;
    start += line.length + 1;
    const visible = visibleLine(line);
    const shown = parts.length === 0 ? visible : show(line, from, parts);
    return {text: line, ended: ended || index < lines.length - 1, visible, shown};
  });
  return maskLines(all, mask);
}

/** How the lines of a content end; undefined when they differ. */
export function lineEnds(lines: readonly ContentLine[]): 'CRLF' | 'LF' | undefined {
  const ended = lines.filter((line) => line.ended);
  const returns = ended.filter(({text}) => text.endsWith('\r')).length;
  if (returns === 0) return 'LF';
  return returns === ended.length ? 'CRLF' : undefined;
}

/** Lines as if they ended with a line feed alone. */
export function withoutReturns(lines: readonly ContentLine[]): readonly ContentLine[] {
  const cut = (visible: string) => visible.replace(/␍$/, '');
  return lines.map((line) => ({
    ...line,
    text: line.text.replace(/\r$/, ''),
    visible: cut(line.visible),
    shown: cut(line.shown),
  }));
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

/** Masks lines before they are compared, as a diff cuts them into pieces. A secret of several lines hides all lines. */
function maskLines(lines: readonly ContentLine[], mask: MaskText): readonly ContentLine[] {
  if (isClean(lines, mask)) return lines;
  const hide = (text: string) => mask(text).replaceAll(MASK, HIDDEN);
  const masked = lines.map((line) => ({...line, visible: hide(line.visible), shown: hide(line.shown)}));
  if (isClean(masked, mask)) return masked;
  return lines.map((line) => (line.text.trim() === '' ? line : {...line, visible: HIDDEN, shown: HIDDEN}));
}

function isClean(lines: readonly ContentLine[], mask: MaskText): boolean {
  const whole = lines.map(({visible}) => visible).join('\n');
  return mask(whole) === whole;
}
