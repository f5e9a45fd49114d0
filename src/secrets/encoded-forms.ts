/** Characters below which a text would be found by chance in others. */
export const shortest = 4;

/**
 * What of a text is found wherever it was encoded in base64: by itself, with the line break that `echo` adds, wrapped
 * into lines, and inside of a longer text, as in `Authorization: Basic`, where it may begin at any of three bits.
 */
export function base64Forms(clear: string): string[] {
  const bytes = Buffer.from(clear);
  const encoded = [bytes, Buffer.from(`${clear}\n`)].map((each) => each.toString('base64').replace(/=+$/, ''));
  const wrapped = WIDTHS.flatMap((width) => encoded.flatMap((text) => linesOf(text, width)));
  const all = [...encoded, ...wrapped, ...[0, 1, 2].flatMap((offset) => inner(bytes, offset))];
  return [...all, ...all.map(forUrls)];
}

const forUrls = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');

/** Those of PEM and of `base64`. */
const WIDTHS = [64, 76];

function linesOf(text: string, width: number): string[] {
  const lines = text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return lines.length > 1 ? lines.filter((line) => line.length >= INNER) : [];
}

/** The characters that hold nothing but bits of the text when `offset` bytes stand before it. None when they are few. */
function inner(bytes: Buffer, offset: number): string[] {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const text = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  return text.length >= INNER ? [text] : [];
}

const INNER = 8;

/** A text in hexadecimal, its bytes not parted. */
export function hexForms(clear: string): string[] {
  const hex = Buffer.from(clear).toString('hex');
  return hex.length < 2 * shortest ? [] : [hex, hex.toUpperCase()];
}
