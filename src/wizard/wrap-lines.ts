/**
 * A text whose lines fit into so many columns: broken at blanks, the rest below its own first column. What has no blank
 * stays whole. Without a number of columns nothing is broken.
 */
export function wrapLines(text: string, columns: number | undefined): string {
  if (!columns) return text;
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns))
    .join('\n');
}

function wrapLine(line: string, columns: number): string[] {
  if (widthOf(line) < columns) return [line];
  const margin = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = margin;
  for (const word of line.slice(margin.length).split(' ')) {
    const joined = current === margin ? current + word : `${current} ${word}`;
    if (widthOf(joined) < columns || current === margin) current = joined;
    else {
      lines.push(current);
      current = margin + word;
    }
  }
  return [...lines, current];
}

/** Colours take no column. */
const widthOf = (text: string) => text.replaceAll(/\u001b\[[\d;]*m/g, '').length;
