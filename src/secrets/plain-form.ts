/** A text without its quoting, and where the remaining characters begin and end in the text. */
export interface PlainForm {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * What all ways of writing a text have in common, however deep they are nested: shell words, JSON, YAML, SQL, URLs,
 * HTML and visible text. Escapes are decoded, quotes and backslashes removed, and blanks, line ends and `+` (a blank in
 * a form) become one blank. Takes time in proportion to the text.
 */
export function plainForm(text: string): PlainForm {
  const starts = Array.from({length: text.length}, (_, at) => at);
  let form: PlainForm = {text, starts, ends: starts.map((at) => at + 1)};
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const next = decoded(form);
    if (next === form) break;
    form = next;
  }
  return withoutQuotes(form);
}

/** An escape that was escaped in another way is decoded in the next pass; in the same way, in the same pass. */
const MOST_PASSES = 10;

/** Collects the remaining characters of a form. */
class Builder {
  text = '';
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  add(characters: string, start: number, end: number): void {
    this.text += characters;
    for (let unit = 0; unit < characters.length; unit += 1) {
      this.starts.push(start);
      this.ends.push(end);
    }
  }
}

function decoded(form: PlainForm): PlainForm {
  const {text, starts, ends} = form;
  const built = new Builder();
  let at = 0;
  let isChanged = false;
  const copyTo = (end: number) => {
    for (; at < end; at += 1) built.add(text.charAt(at), starts[at] ?? 0, ends[at] ?? 0);
  };
  for (const match of text.matchAll(ESCAPE)) {
    const [whole] = match;
    const meaning = decode(match);
    if (meaning === whole) continue;
    isChanged = true;
    copyTo(match.index);
    at += whole.length;
    built.add(meaning, starts[match.index] ?? 0, ends[at - 1] ?? 0);
  }
  copyTo(isChanged ? text.length : 0);
  return isChanged ? built : form;
}

function withoutQuotes({text, starts, ends}: PlainForm): PlainForm {
  const built = new Builder();
  let last = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (DROPPED.test(character)) continue;
    const plain = BLANK.test(character) ? ' ' : character;
    if (plain === ' ' && last === ' ') continue;
    last = plain;
    built.add(plain, starts[at] ?? 0, ends[at] ?? 0);
  }
  return built;
}

const DROPPED = /['"\\]/;

const BLANK = /[\s+]/;

/**
 * Backslashes with what they escape, bytes of URLs, entities of HTML, and what visible text has instead of control
 * characters. Each any number of times, if it was escaped again in the same way.
 */
const ESCAPE = new RegExp(
  [
    String.raw`(?<octal>(?:\\+[0-3][0-7]{2})+)`,
    String.raw`(?<hex>(?:\\+x[\da-f]{2})+)`,
    String.raw`\\+u(?<unit>[\da-f]{4})`,
    String.raw`\\+u\{(?<point>[\da-f]{1,6})\}`,
    String.raw`\\+(?<letter>[nrt])`,
    String.raw`(?<backslashes>\\+)`,
    String.raw`(?<percent>(?:%(?:25)*[\da-f]{2})+)`,
    String.raw`&(?:amp;)*(?:#(?<decimal>\d{1,7})|#x(?<hexadecimal>[\da-f]{1,6})|(?<name>amp|lt|gt|quot|apos));`,
    String.raw`<U\+(?<shown>[\dA-F]{4,6})>`,
    String.raw`(?<picture>[\u2400-\u241f\u2421])`,
  ].join('|'),
  'gi',
);

const NAMES: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"};

function decode({groups = {}}: RegExpExecArray): string {
  const {octal, hex, unit, letter, backslashes, percent, name, picture} = groups;
  if (octal) return bytesToText(octal.match(/[0-7]{3}/g) ?? [], 8);
  if (hex) return bytesToText(hex.match(/[\da-f]{2}/gi) ?? [], 16);
  if (percent) return bytesToText(percent.match(/[\da-f]{2}(?=%|$)/gi) ?? [], 16);
  if (unit) return String.fromCharCode(Number.parseInt(unit, 16));
  if (letter) return '\n';
  if (backslashes) return '\\';
  if (name) return NAMES[name.toLowerCase()] ?? '';
  if (picture) return picture === '␡' ? '\u007f' : String.fromCharCode(picture.charCodeAt(0) - 0x2400);
  const {point, decimal, hexadecimal, shown} = groups;
  const code = decimal ? Number(decimal) : Number.parseInt(point ?? hexadecimal ?? shown ?? '', 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** UTF-8, or Latin-1 where it is not that. */
function bytesToText(digits: readonly string[], base: number): string {
  const bytes = Buffer.from(digits.map((each) => Number.parseInt(each, base)));
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}
