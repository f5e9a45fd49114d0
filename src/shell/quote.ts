const SAFE = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * One word for a POSIX shell, whatever bytes the text holds (quotes, spaces, newlines, `$`).
 * Throws on NUL, which no shell word, argument or file name can hold.
 */
export function quote(text: string): string {
  if (text.includes('\0')) throw new TypeError('a shell word cannot hold a NUL character');
  return SAFE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
