import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** A page of the documentation. */
export interface Page {
  /** From the project's directory. */
  readonly file: string;
  readonly text: string;
}

/** Code between fences. */
export interface Snippet {
  readonly page: Page;
  /** Line of its fence, from 1. */
  readonly line: number;
  /** What stands behind the fence: `ts`, `yaml`, `ts skip: …`. */
  readonly kind: string;
  readonly code: string;
}

/** README.md and all of docs/. */
export function loadPages(): readonly Page[] {
  const docs = readdirSync('docs').filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => join('docs', name))].map((file) => ({
    file,
    text: readFileSync(file, 'utf8'),
  }));
}

export function snippetsIn(page: Page): readonly Snippet[] {
  return [...page.text.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)].map(({1: kind = '', 2: code = '', index}) => {
    return {page, line: page.text.slice(0, index).split('\n').length, kind, code};
  });
}

/** A page without code: what is between fences or indented by four blanks, and what is between single backticks. */
export function proseOf({text}: Page): string {
  return text
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replaceAll(/^ {4}.*$/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');
}
