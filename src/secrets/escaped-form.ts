/**
 * A pattern (with the flag `u`) for a text in whatever quotes it was put: as it is, in a shell word, in JSON, YAML or
 * SQL, in a URL, in HTML, in base64 for URLs, broken over lines, or with its control characters made visible.
 */
export function escapedForm(text: string): string {
  return Array.from(text, formOf).join('');
}

function formOf(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) return character;
  return SPECIAL[character] ?? `(?:${[...formsOf(character)].join('|')})`;
}

const MARGIN = '[ \\t]*';

/** What quoting turns into something of its own. A blank may have become the end of a line. */
const SPECIAL: Readonly<Record<string, string>> = {
  '\n': `(?:${MARGIN}\\r?\\n${MARGIN}|\\\\{1,4}n|%0[Aa]|␊|&#10;)`,
  ' ': '(?:\\\\{0,4}\\s+|%20|\\+|&#32;)',
};

function formsOf(character: string): string[] {
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16).padStart(2, '0');
  const own = point < 0x80 ? `\\x${hex}` : character;
  return [
    // '\'' closes and opens single quotes of a shell; SQL and YAML double them.
    ...(character === "'" ? [`'\\\\{1,4}''`, `''`, '&apos;'] : []),
    ...(BACKSLASHED[character] ?? []),
    `\\\\{0,4}${own}`,
    percent(character),
    `\\\\{1,4}u${anyCase(hex.padStart(4, '0'))}`,
    `\\\\{1,4}x${anyCase(hex)}`,
    `&#(?:${point}|x${anyCase(hex)});`,
    ...(point < 0x20 ? [String.fromCodePoint(0x2400 + point)] : []),
    ...(point >= 0x80 ? [`<U\\+${anyCase(hex.padStart(4, '0'))}>`] : []),
  ];
}

const BACKSLASHED: Readonly<Record<string, readonly string[]>> = {
  '\\': ['\\\\{1,8}'],
  '"': ['""', '&quot;'],
  '\t': ['\\\\{1,4}t'],
  '\r': ['\\\\{1,4}r'],
  '&': ['&amp;'],
  '<': ['&lt;'],
  '>': ['&gt;'],
};

const percent = (character: string) =>
  [...Buffer.from(character)].map((byte) => `%${anyCase(byte.toString(16).padStart(2, '0'))}`).join('');

const anyCase = (hex: string) => hex.replaceAll(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
