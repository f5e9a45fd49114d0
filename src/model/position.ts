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
