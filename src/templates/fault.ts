import {Script} from 'node:vm';
import ejs from 'ejs';
import {type Diagnostic, didYouMean, excerptOf, InputError, type SourceText} from '../model/index.js';
import {PrintError} from './print.js';

/** What EJS threw, as a fault at the template's line. A fault of an included template passes as it is. */
export function templateFault(error: unknown, source: SourceText, names: readonly string[]): InputError {
  if (error instanceof InputError) return new InputError(error.diagnostics);
  const {line, message} = placeOf(error, source);
  const excerpt = excerptOf(source.text, line);
  const {word, ...told} = explain(error, message, excerpt ?? '', names);
  const column = Math.max(0, (excerpt ?? '').search(word)) + 1;
  return new InputError([{...told, at: {file: source.file, line, column}, excerpt}]);
}

/** EJS puts `FILE:LINE`, an excerpt and an empty line before the message of what a template throws. */
function placeOf(error: unknown, {file, text}: SourceText): {line: number; message: string} {
  const full = error instanceof Error ? error.message : String(error);
  const [, line] = full.startsWith(`${file}:`) ? (/^:(\d+)\n/.exec(full.slice(file.length)) ?? []) : [];
  if (line !== undefined) return {line: Number(line), message: full.split('\n\n').at(-1) ?? full};
  const [message = full] = full.split(/ in \/| while compiling ejs|\n/);
  return {line: error instanceof SyntaxError ? syntaxErrorLine(text) : unclosedTagLine(text), message};
}

function explain(error: unknown, message: string, excerpt: string, names: readonly string[]) {
  const [, unknown] = (error instanceof ReferenceError && /^(\S+) is not defined$/.exec(message)) || [];
  if (unknown !== undefined) {
    const known = names.length > 0 ? `known here: ${names.join(', ')}` : 'the template was given no variables';
    return {
      message: `unknown variable "${unknown}"`,
      hint: didYouMean(unknown, names) ?? known,
      word: new RegExp(`(?<![\\w$.])${unknown.replaceAll('$', '\\$')}(?![\\w$])`),
    };
  }
  if (error instanceof PrintError) return {message: `${printedIn(excerpt)} ${message}`, word: /<%[=-]/};
  if (/matching close tag/.test(message))
    return {message: 'this tag is not closed', hint: 'close it with %>', word: /<%(?![\s\S]*%>)/};
  if (error instanceof SyntaxError)
    return {message: `${message} in the code of this tag`, hint: 'do its brackets and quotes match?', word: /<%/};
  return {message, word: /<%/} satisfies Pick<Diagnostic, 'message'> & {word: RegExp; hint?: string};
}

/** The tags of a line that print something. Which of several it was is not known. */
function printedIn(excerpt: string): string {
  const tags = [...excerpt.matchAll(/<%[=-]\s*(.*?)\s*[-_]?%>/g)].map(([, expression]) => `"${expression}"`);
  return tags.length > 0 ? tags.join(' or ') : 'a printed value';
}

/** EJS compiles a template to JavaScript whose statements set `__line`: the last one before the fault tells the line. */
function syntaxErrorLine(text: string): number {
  const template = new ejs.Template(text, {strict: true});
  try {
    template.compile();
  } catch {
    // The source it generated stays readable.
  }
  try {
    new Script(`(function () {'use strict';\n${template.source}\n})`, {filename: 'template'});
  } catch (error) {
    const [, row] = /^template:(\d+)/.exec(error instanceof Error ? (error.stack ?? '') : '') ?? [];
    const before = template.source.split('\n').slice(0, Number(row ?? 1) - 1);
    return Number([...before.join('\n').matchAll(/__line = (\d+)/g)].at(-1)?.[1] ?? 1);
  }
  return 1;
}

function unclosedTagLine(text: string): number {
  const open = text.search(/<%(?!%)(?:(?!%>)[\s\S])*(?:<%|$)/);
  return text.slice(0, Math.max(0, open)).split('\n').length;
}
