import type {Paint} from './color.js';

/** Lines that a plan was shown in, with the colours of a diff again. They were made visible when they were kept. */
export function paintShown(lines: readonly string[], paint: Paint): string[] {
  return lines.map((line) => {
    if (/^(---|\+\+\+) /.test(line)) return paint('bold', line);
    if (line.startsWith('@@')) return paint('cyan', line);
    if (line.startsWith('+')) return paint('green', line);
    return line.startsWith('-') ? paint('red', line) : line;
  });
}
