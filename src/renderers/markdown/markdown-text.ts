import {visible} from '../../model/index.js';

/**
 * A name as code, inert whatever stands in it: every character that Markdown, HTML, a table or a mention could take for
 * its own becomes an entity, which CommonMark never reads as structure.
 */
export function code(text: string): string {
  const inert = visible(text).replace(/[^A-Za-z0-9 ./-]|(?<=www)\./gu, (each) => `&#${each.codePointAt(0)};`);
  return `<code>${inert}</code>`;
}

/** Lines in a fence that none of them can close. */
export function fence(language: string, lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map(({length}) => length);
  const ticks = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return [`${ticks}${language}`, ...lines, ticks].join('\n');
}
