import {fileURLToPath} from 'node:url';

/** A place in a file of the user's. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `file:line:column`, the form editors and terminals can jump to. */
export function renderPosition({file, line, column}: Position): string {
  return `${file}:${line}:${column}`;
}

/**
 * The innermost line outside this package's own code that led here: the line of the user's playbook. Undefined when
 * there is none, as in tasks that a role of ours makes. Positions are those of the TypeScript source, through its
 * source map.
 */
export function callSite(): Position | undefined {
  return positionIn(new Error().stack ?? '');
}

/**
 * The first place in a stack trace that lies outside this package and outside Node. Of any value: what is thrown may
 * be.
 */
export function positionIn(stack: unknown): Position | undefined {
  if (typeof stack !== 'string') return undefined;
  for (const line of stack.split('\n').slice(1)) {
    const place = /(?:\(|at |async )((?:file:\/\/)?\/.*):(\d+):(\d+)\)?$/.exec(line);
    const [, location = '', row, column] = place ?? [];
    if (location === '' || isOurs(location)) continue;
    const file = location.startsWith('file:') ? fileURLToPath(location.replace(/\?.*$/, '')) : location;
    return {file, line: Number(row), column: Number(column)};
  }
  return undefined;
}

/** The directory of this package's own code. */
const PACKAGE = new URL('../', import.meta.url).href;

function isOurs(location: string): boolean {
  const url = location.startsWith('file:') ? location : `file://${location}`;
  const sources = PACKAGE.replace(/\/build\/src\/$/, '/src/');
  return url.startsWith(PACKAGE) || url.startsWith(sources) || url.includes('/node_modules/');
}
