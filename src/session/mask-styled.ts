import {joined, type StyledText, severalLines} from '../model/index.js';

/**
 * Masks a text whose colours may part what is to be hidden, as those of words in a diff do. A line in which they do
 * loses its colours; a text with a secret of several lines loses all of them.
 */
export function maskStyled(text: StyledText, mask: (text: string) => string): StyledText {
  const masked = mask(String(text));
  if (masked === String(text)) return text;
  const lines = joined(text.lines().map((line) => maskLine(line, mask)));
  return String(lines) === masked ? lines : severalLines(masked);
}

function maskLine(line: StyledText, mask: (text: string) => string): StyledText {
  const masked = mask(String(line));
  if (masked === String(line)) return line;
  const pieces = line.mapText(mask);
  return String(pieces) === masked ? pieces : severalLines(masked);
}
