import {readFileSync} from 'node:fs';
import {Script} from 'node:vm';
import ejs from 'ejs';
import {
  type Diagnostic,
  didYouMean,
  excerptOf,
  findSecrets,
  InputError,
  type SecretPart,
  type SourceText,
} from '../model/index.js';
import type {Secret} from '../shell/index.js';
import {findTemplate} from './find.js';
import {bareNames, PrintError, print} from './variables.js';

/** What to render: a template's name as `findTemplate` takes it, and its variables. */
export interface TemplateRequest {
  readonly source: string;
  /** Absolute paths, first match wins. */
  readonly directories: readonly string[];
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  /** Called with the path of the template and of all that it includes. Absolute paths. */
  readonly opened?: ((file: string) => void) | undefined;
}

export interface Rendered {
  readonly text: string;
  /** Absolute path of the template. */
  readonly file: string;
  /** A secret was printed, here or in an included template. */
  readonly sensitive: boolean;
  /** Their places in the text; undefined when these are not certain. */
  readonly secretParts: readonly SecretPart[] | undefined;
}

/**
 * An EJS template's text. Variables are used by their name (`<%= host.name %>`) or through `vars`;
 * `include(name, more)` renders another template, looked up as this one was. `<%=` and `<%-` print alike, since nothing
 * here is HTML.
 *
 * Throws `InputError` with the template's line and an excerpt: on an unknown variable, on printing `undefined`, `null`,
 * an object or a secret joined to other text, and on whatever else the template throws.
 */
export function renderTemplate({source, directories, vars = {}, opened}: TemplateRequest): Rendered {
  const file = findTemplate(source, directories);
  const printed: (Secret | undefined)[] = [];
  const text = renderFile({file, directories, vars, opened, onSecret: (secret) => void printed.push(secret)});
  const secrets = printed.filter((secret) => secret !== undefined);
  const certain = secrets.length === printed.length;
  return {text, file, sensitive: printed.length > 0, secretParts: certain ? findSecrets(text, secrets) : undefined};
}

interface Job {
  readonly file: string;
  readonly directories: readonly string[];
  readonly vars: Readonly<Record<string, unknown>>;
  /** Called without a secret where the template reveals some itself and may print them changed. */
  readonly onSecret: (secret: Secret | undefined) => void;
  readonly opened: TemplateRequest['opened'];
}

function renderFile({file, directories, vars, onSecret, opened}: Job): string {
  opened?.(file);
  const text = readFileSync(file, 'utf8');
  if (/\breveal\b/.test(text)) onSecret(undefined);
  const include = (name: string, more: object = {}) =>
    renderFile({file: findTemplate(name, directories, file), directories, vars: {...vars, ...more}, onSecret, opened});
  const names = bareNames(vars, file);
  const options = {
    filename: file,
    strict: true,
    localsName: 'vars',
    destructuredLocals: [...names, 'include'],
    escape: (value: unknown) => print(value, onSecret),
  };
  try {
    return ejs.compile(text.replaceAll('<%-', '<%='), options)({...vars, include});
  } catch (error) {
    throw templateFault(error, {file, text}, names);
  }
}

/** What EJS threw, as a fault at the template's line. A fault of an included template passes as it is. */
function templateFault(error: unknown, source: SourceText, names: readonly string[]): InputError {
  if (error instanceof InputError) return new InputError(error.diagnostics);
  const {line, message} = placeOf(error, source);
  const excerpt = excerptOf(source.text, line);
  const {word, ...explained} = explain(error, message, excerpt ?? '', names);
  const column = Math.max(0, (excerpt ?? '').search(word)) + 1;
  return new InputError([{...explained, at: {file: source.file, line, column}, excerpt}]);
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
    const known = names.length > 0 ? `Known here: ${names.join(', ')}.` : 'The template has no variables.';
    return {
      message: `unknown variable "${unknown}"`,
      hint: didYouMean(unknown, names) ?? known,
      word: new RegExp(`(?<![\\w$.])${unknown.replaceAll('$', '\\$')}(?![\\w$])`),
    };
  }
  if (error instanceof PrintError) return {message: `${printedIn(excerpt)} ${message}`, word: /<%[=-]/};
  if (/matching close tag/.test(message))
    return {message: 'this tag is not closed', hint: 'Close it with %>.', word: /<%(?![\s\S]*%>)/};
  if (error instanceof SyntaxError)
    return {
      message: `${message} in the code of this tag`,
      hint: 'Check that its brackets and quotes match.',
      word: /<%/,
    };
  return {message, word: /<%/} satisfies Pick<Diagnostic, 'message'> & {word: RegExp; hint?: string};
}

/** The tags of a line that print something. Which of several it was is not known. */
function printedIn(excerpt: string): string {
  const tags = [...excerpt.matchAll(/<%[=-]\s*(.*?)\s*[-_]?%>/g)].map(([, expression]) => `"${expression}"`);
  return tags.length > 0 ? tags.join(' or ') : 'a printed value';
}

/**
 * EJS compiles a template to JavaScript whose statements set `__line`: the last one before the fault gives the line.
 */
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
