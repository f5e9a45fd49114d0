import type {StyledText} from '../../model/index.js';
import {endedLines, pad, widthOf} from '../../renderers/index.js';

/** A file by its path below one directory, and a word on it. */
export interface Leaf {
  readonly path: string;
  readonly note: string;
}

/** Files as a tree, directories first; ASCII, as every terminal shows it. Each line ends with a line break. */
export function renderTree(leaves: readonly Leaf[], depth = 1): StyledText {
  const width = Math.max(0, ...leaves.map(({path}) => widthOf(indented(path)))) + 2;
  const lines = rows(leaves, depth).map(({text, note}) => pad(text, note === '' ? 0 : width) + note);
  return endedLines(lines.map((line) => line.trimEnd()));
}

const indented = (path: string) => {
  const parts = path.split('/');
  return `${'  '.repeat(parts.length)}${parts.at(-1)}`;
};

function rows(leaves: readonly Leaf[], depth: number): readonly {text: string; note: string}[] {
  const margin = '  '.repeat(depth);
  const files = leaves.filter(({path}) => !path.includes('/'));
  const directories = new Set(
    leaves.filter(({path}) => path.includes('/')).map(({path}) => path.slice(0, path.indexOf('/'))),
  );
  const inside = (directory: string) =>
    leaves
      .filter(({path}) => path.startsWith(`${directory}/`))
      .map(({path, note}) => ({path: path.slice(directory.length + 1), note}));
  return [
    ...[...directories]
      .sort()
      .flatMap((directory) => [{text: `${margin}${directory}/`, note: ''}, ...rows(inside(directory), depth + 1)]),
    ...files.map(({path, note}) => ({text: `${margin}${path}`, note})),
  ];
}
