/** A text as it may stand in XML; what no XML may hold becomes a replacement character. */
export function escapeXml(value: string): string {
  return value.replace(NOT_XML, '\uFFFD').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Production 2 of XML 1.0, turned round, without line breaks and tabs. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** A line of text; `x` and `y` are the left end of its base line. Where it was cut short, `whole` can be pointed at. */
export function text(classes: string, x: number, y: number, value: string, whole = value): string {
  const title = whole === value ? '' : `<title>${escapeXml(whole)}</title>`;
  return `<text class="${classes}" x="${round(x)}" y="${round(y)}">${title}${escapeXml(value)}</text>`;
}

/** To a tenth of a pixel. */
export const round = (value: number): number => Math.round(value * 10) / 10;
