/** One word of a line, without its quotes, and the column (from 0) where it begins. */
export interface LineWord {
  readonly text: string;
  readonly at: number;
}

const PART = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\]+)/y;

/**
 * The words of a line as a shell splits them: quotes keep spaces, `\` quotes a character, `#` where a word would
 * begin starts a comment. Throws `RangeError` for a quote that is not closed.
 */
export function shellWords(line: string): LineWord[] {
  const words: LineWord[] = [];
  for (let at = skipSpace(line, 0); at < line.length && line[at] !== '#'; ) {
    const {text, end} = readWord(line, at);
    words.push({text, at});
    at = skipSpace(line, end);
  }
  return words;
}

function readWord(line: string, start: number): {text: string; end: number} {
  let text = '';
  let end = start;
  while (end < line.length && !/\s/.test(line.charAt(end))) {
    PART.lastIndex = end;
    const [whole, double, single, escaped, plain] = PART.exec(line) ?? [];
    if (whole === undefined) throw new RangeError('a quote is not closed');
    text += double?.replaceAll(/\\(["\\])/g, '$1') ?? single ?? escaped ?? plain ?? '';
    end += whole.length;
  }
  return {text, end};
}

function skipSpace(line: string, start: number): number {
  const length = line.slice(start).search(/\S/);
  return length < 0 ? line.length : start + length;
}
