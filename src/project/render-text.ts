import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import ejs from 'ejs';

/**
 * A file made from a template of `templates/init/`. Values are printed as they are: the template has to quote what is
 * not a plain word.
 */
export function renderText(template: string, vars: Readonly<Record<string, unknown>>): string {
  const text = readTemplate(`init/${template}.ejs`);
  return ejs.render(text, {...vars, quoted, markdown, code}, {escape: String, rmWhitespace: false});
}

function readTemplate(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../templates/${name}`, import.meta.url)), 'utf8');
}

/** A TypeScript string literal in single quotes. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Text in Markdown, in one line, with its marks escaped. */
export function markdown(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]()<>#+!|~&$-]/g, String.raw`\$&`);
}

/** Code in Markdown, also in a cell of a table. */
export function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', String.raw`\|`);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({length}) => length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}
