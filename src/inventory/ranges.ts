/** More names than this from one line are a mistake. */
const MOST = 10_000;

/**
 * The names that a name with ranges stands for: `web[1:3]`, `db[01:10]` (the zero keeps the width), `rack[a:c]`,
 * `web[1:9:2]`; ends are included, several ranges multiply. Throws `RangeError` saying what is wrong.
 */
export function expandRanges(name: string): string[] {
  const open = name.indexOf('[');
  if (open < 0) return [name];
  const close = name.indexOf(']', open);
  if (close < 0) throw new RangeError('the range has no closing "]"');
  const heads = expandRange(name.slice(open + 1, close)).map((part) => name.slice(0, open) + part);
  const tails = expandRanges(name.slice(close + 1));
  if (heads.length * tails.length > MOST) throw new RangeError(`the range stands for more than ${MOST} names`);
  return heads.flatMap((head) => tails.map((tail) => head + tail));
}

function expandRange(range: string): string[] {
  const [first, last, step = '1', ...rest] = range.split(':');
  if (first === undefined || !last || rest.length > 0) throw new RangeError('a range is written [first:last]');
  if (!/^[1-9]\d*$/.test(step)) throw new RangeError(`the step "${step}" of the range must be 1 or more`);
  if (/^\d*$/.test(first) && /^\d+$/.test(last)) return numbers(first || '0', last, Number(step));
  if (/^[a-z]$/.test(first) && /^[a-z]$/.test(last)) return letters(first, last, Number(step));
  if (/^[A-Z]$/.test(first) && /^[A-Z]$/.test(last)) return letters(first, last, Number(step));
  throw new RangeError('a range goes from number to number or from letter to letter');
}

function numbers(first: string, last: string, step: number): string[] {
  const width = /^0\d/.test(first) ? first.length : 0;
  if (width > 0 && last.length !== width) throw new RangeError(`"${first}" and "${last}" differ in length`);
  return count(Number(first), Number(last), step).map((number) => String(number).padStart(width, '0'));
}

function letters(first: string, last: string, step: number): string[] {
  return count(first.charCodeAt(0), last.charCodeAt(0), step).map((code) => String.fromCharCode(code));
}

function count(first: number, last: number, step: number): number[] {
  if (first > last) throw new RangeError('the range ends before it starts');
  const length = Math.floor((last - first) / step) + 1;
  if (length > MOST) throw new RangeError(`the range stands for more than ${MOST} names`);
  return Array.from({length}, (_, index) => first + index * step);
}
