/** Characters of a command's output that a failure carries: its end, where the reason stands. */
export const OUTPUT_SHOWN = 4000;

/** The last characters of a text, from the beginning of a line: half a secret is not known for one. */
export function endOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.slice(-most);
  return end.includes('\n') ? end.slice(end.indexOf('\n') + 1) : end.replace(/^\S*/, '…');
}
