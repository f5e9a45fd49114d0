/**
 * Text that a terminal cannot take for a command, on one line: control characters become their pictures (`␛`, `␍`,
 * `␊`), and what reorders, hides or breaks text (bidirectional marks, zero-width characters, blanks other than the
 * common one, halves of characters) becomes its number (`<U+202E>`). Visible text stays as it is.
 */
export function visible(text: string): string {
  return COMMON.test(text) ? text : text.replace(HIDDEN, picture);
}

/** {@link visible} for a line of a file: tabs stay, because they are part of how the file looks. */
export function visibleLine(line: string): string {
  return COMMON.test(line)
    ? line
    : line.replace(HIDDEN, (character) => (character === '\t' ? character : picture(character)));
}

/** {@link visible} for a text of several lines: line feeds and tabs stay. */
export function visibleLines(text: string): string {
  return COMMON_LINES.test(text)
    ? text
    : text.replace(HIDDEN, (character) => (/[\n\t]/.test(character) ? character : picture(character)));
}

/** The same value with every text in it made {@link visible}. */
export function visibleDeep<T>(value: T): T {
  // Every branch gives back what it was given, but for what stands in texts.
  if (typeof value === 'string') return visible(value) as T;
  if (Array.isArray(value)) return value.map((each) => visibleDeep(each)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, visibleDeep(each)])) as T;
}

/**
 * The text of a JSON value in which what is not {@link visible} stands as `\u…`: it means the same and commands
 * nothing.
 */
export function visibleJson(json: string): string {
  return json.replace(HIDDEN, (character) => (/[\n\t]/.test(character) ? character : escaped(character)));
}

/**
 * The same value with a mask over every text in it, names too: output that came back from a host may repeat a secret
 * anywhere. Of two names that are the same then, the later one stays. What is `undefined` is left out, as in JSON.
 * `masked`: names of fields that are masked already and stay as they are.
 */
export function maskDeep<T>(value: T, mask: (text: string) => string, masked: readonly string[] = []): T {
  // Every branch gives back what it was given, but for what stands in texts.
  if (typeof value === 'string') return mask(value) as T;
  if (Array.isArray(value)) return value.map((each) => maskDeep(each, mask, masked)) as T;
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).flatMap(([name, each]) => {
    if (each === undefined) return [];
    return [masked.includes(name) ? [name, each] : [mask(name), maskDeep(each, mask, masked)]];
  });
  return Object.fromEntries(fields) as T;
}

/** Most texts match, and testing this is much faster than searching for hidden characters. */
const COMMON = /^[ -~]*$/;
const COMMON_LINES = /^[ -~\n\t]*$/;

/**
 * Control, format and ignorable characters, halves of characters, separators, and blanks that are not the common one.
 * The selector of how an emoji is drawn belongs to its emoji.
 */
const HIDDEN =
  /(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

function escaped(character: string): string {
  const units = Array.from({length: character.length}, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
