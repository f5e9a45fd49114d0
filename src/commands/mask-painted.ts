import {stripVTControlCharacters} from 'node:util';

/**
 * Masks a text whose colours may part what is to be hidden, as those of words in a diff do. A line in which they do
 * loses its colours.
 */
export function maskPainted(text: string, mask: (text: string) => string): string {
  const masked = mask(text);
  if (!masked.includes('\u001b')) return masked;
  const lines = masked.split('\n').map((line) => {
    const plain = stripVTControlCharacters(line);
    const hidden = mask(plain);
    return hidden === plain ? line : hidden;
  });
  return lines.join('\n');
}
