import type {OpenPorts, Vertex} from './topology.js';

/** Sizes in pixels of the drawing. The font is unknown, so the width of a character is that of a wide font. */
export const BOX = {padding: 16, title: 22, line: 18, entry: 36, gap: 10, least: 96} as const;

/** Widths of a character: 12px of a monospaced font, 14px bold and 12px of the others. */
const WIDTH = {mono: 7.3, title: 8.6, text: 6.6} as const;

/** Characters of a reason or audience, which is cut after them. */
const MOST_TEXT = 40;

/** Width and height that a vertex needs. */
export function sizeOf({title, lines, entries}: Vertex): {width: number; height: number} {
  const inner = Math.max(
    BOX.least,
    title.length * WIDTH.title,
    ...lines.map(({name, detail}) => (name.length + detail.length + 2) * WIDTH.mono),
    ...entries.map((entry) => portsWidth(entries) + entryWidth(entry)),
  );
  const open = entries.length > 0 ? entries.length * BOX.entry + 2 * BOX.gap - 4 : 0;
  return {width: Math.ceil(inner) + 2 * BOX.padding, height: BOX.title + lines.length * BOX.line + open + 2 * BOX.gap};
}

/** The width of the column of ports, with the space after it. */
export function portsWidth(entries: readonly OpenPorts[]): number {
  return Math.max(0, ...entries.map(({ports}) => monoWidth(ports))) + 14;
}

/** The width of a text in the monospaced font. */
export const monoWidth = (text: string): number => text.length * WIDTH.mono;

const entryWidth = ({because, from}: OpenPorts) =>
  Math.max(shorten(because).length, shorten(`from ${from}`).length) * WIDTH.text;

/** A text, cut so that it fits into a box. */
export function shorten(text: string): string {
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1).trimEnd()}…` : text;
}

/** A text escaped for XML; characters that XML does not allow become a replacement character. */
export function escapeXml(value: string): string {
  return value.replace(NOT_XML, '\uFFFD').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The inverse of production 2 of XML 1.0. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** A line of text; `x` and `y` are the left end of its base line. If it was cut, `whole` is shown as a tooltip. */
export function text(classes: string, x: number, y: number, value: string, whole = value): string {
  const title = whole === value ? '' : `<title>${escapeXml(whole)}</title>`;
  return `<text class="${classes}" x="${round(x)}" y="${round(y)}">${title}${escapeXml(value)}</text>`;
}

/** To a tenth of a pixel. */
export const round = (value: number): number => Math.round(value * 10) / 10;
