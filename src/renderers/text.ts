/**
 * Text that a terminal cannot mistake for an order: control characters become their pictures (`␛`, `␍`, `␊`), and
 * what reorders or hides text (bidirectional marks, zero-width characters, blanks other than the common one) becomes
 * its number (`<U+202E>`).
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, picture);
}

/** {@link visible} for a line of a file: tabs stay, because they are part of how the file looks. */
export function visibleLine(line: string): string {
  return line.split('\t').map(visible).join('\t');
}

/** Lines of at most `width` columns, broken at blanks; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  return fill(text.split(' '), width);
}

/** Words beside each other for as long as they fit. A word may hold blanks. */
export function fill(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A label and a text beside it: further lines of the text stand under its first. */
export function hang(label: string, lines: readonly string[]): string[] {
  const margin = ' '.repeat(label.length);
  return lines.map((line, index) => (index === 0 ? `${label}${line}` : `${margin}${line}`.trimEnd()));
}

/** At most `width` characters, cut in the middle, so that the end of a path stays readable. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width < 2) return '…'.slice(0, Math.max(0, width));
  const tail = Math.floor((width - 1) * 0.4);
  return `${text.slice(0, width - 1 - tail)}…${tail > 0 ? text.slice(-tail) : ''}`;
}

/** At most `width` characters, cut at the end: for sentences. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** `1 host`, `3 hosts`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `0.4s`, `34s`, `2m05s`. */
export function renderSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}

/** `640 B`, `12.0 KiB`, `3.4 MiB`. */
export function renderSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
