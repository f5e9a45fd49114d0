import {createRequire} from 'node:module';

/**
 * How many columns of a terminal a visible text of one line takes: CJK and emoji two each, combining marks none. A tab
 * counts as one.
 */
export function columnsOf(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth()(text.replaceAll('\t', ' '));
}

/** The beginning of a visible text that fits into this number of columns; no character is cut or loses its marks. */
export function headOf(text: string, columns: number): string {
  if (NARROW.test(text)) return text.slice(0, Math.max(0, columns));
  return fitting(charactersOf(text), columns).join('');
}

/** The end of a visible text that fits into this number of columns, as {@link headOf}. */
export function tailOf(text: string, columns: number): string {
  if (NARROW.test(text)) return text.slice(text.length - Math.min(text.length, Math.max(0, columns)));
  return fitting(charactersOf(text).reverse(), columns).toReversed().join('');
}

/** The text with blanks after it, up to this number of columns. */
export function padColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/**
 * Characters of one column that never join with others: most texts have only these. It is much faster to test than to
 * measure. ASCII, Latin, and the signs of our own messages.
 */
const NARROW = /^[\t -~¡-¬®-ʯ‐-‧←-↓─-╿✓✗␀-␡]*$/;

/** What a reader takes for one character: a letter with its accents, an emoji with its skin tone, a flag. */
const charactersOf = (text: string): string[] => Array.from(new Intl.Segmenter().segment(text), ({segment}) => segment);

/** The first characters that fit. */
function fitting(characters: readonly string[], columns: number): readonly string[] {
  let room = columns;
  const end = characters.findIndex((each) => {
    room -= columnsOf(each);
    return room < 0;
  });
  return end < 0 ? characters : characters.slice(0, end);
}

/** Loaded on first use: it costs 10 ms or more, and most texts are narrow. */
function stringWidth(): (text: string) => number {
  // `require` is untyped; the package's own types describe what it returns.
  const {default: width} = createRequire(import.meta.url)('string-width') as typeof import('string-width');
  return width;
}
