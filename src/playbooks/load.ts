import {readFileSync, statSync} from 'node:fs';
import {dirname, extname, join, relative, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {namesIn} from '../local/read-file.js';
import {type Diagnostic, didYouMean, faultAt, InputError, type Play, type Playbook} from '../model/index.js';
import {explainError} from './explain.js';
import {INFRA} from './sources.js';

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

/**
 * The default export of a playbook file, TypeScript or JavaScript. Throws `InputError` for whatever prevents it from
 * being read, and so does `plays` of the playbook: with the line of the user's file, never with a stack trace.
 * `compiled`: its JavaScript as `checkTypes` left it.
 */
export async function loadPlaybook(file: string, compiled?: string): Promise<Playbook> {
  const path = resolve(file);
  if (!statSync(path, {throwIfNoEntry: false})?.isFile()) throw new InputError([missing(path)]);
  if (!EXTENSIONS.includes(extname(path)))
    throw new InputError([{message: `${path} is not a playbook`, hint: notScript(path)}]);
  const exported = (compiled && (await importCompiled(compiled))) || (await importPlaybook(path));
  if (!isPlaybook(exported.default)) throw new InputError([notPlaybook(path, exported)]);
  return guarded(exported.default, path);
}

function notScript(path: string): string {
  return /\.ya?ml$/.test(path)
    ? 'A playbook is written in TypeScript; name an inventory with --inventory.'
    : 'Name a file that ends in .ts or .js.';
}

/**
 * Undefined when it cannot be loaded as it is (it imports packages of the user's, or throws): then it is loaded with
 * hooks, which say why.
 */
async function importCompiled(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  await import(INFRA);
  process.setSourceMapsEnabled(true);
  try {
    return await import(pathToFileURL(file).href);
  } catch {
    return undefined;
  }
}

async function importPlaybook(path: string): Promise<Readonly<Record<string, unknown>>> {
  await import('./register.js');
  try {
    return await import(pathToFileURL(path).href);
  } catch (cause) {
    throw await withExportHint(explainError(cause, path));
  }
}

/** A misspelt import from this package gets the name that was meant. */
async function withExportHint(error: InputError): Promise<InputError> {
  const name = /^"infra" has no export named "(\w+)"/.exec(error.message)?.[1];
  if (name === undefined) return error;
  const exported: object = await import(INFRA);
  const hint = didYouMean(name, Object.keys(exported));
  return hint === undefined ? error : new InputError(error.diagnostics.map((each) => ({...each, hint})));
}

function isPlaybook(value: unknown): value is Playbook {
  return value instanceof Object && 'name' in value && 'plays' in value && value.plays instanceof Function;
}

function guarded(book: Playbook, path: string): Playbook {
  return {
    ...book,
    plays: async (context) => {
      try {
        return checkPlays(await book.plays(context), path);
      } catch (cause) {
        throw explainError(cause, path);
      }
    },
  };
}

/** Types say so already, but a playbook may be JavaScript. */
function checkPlays(plays: unknown, path: string): readonly Play[] {
  if (Array.isArray(plays) && plays.every((each) => each instanceof Object && 'hosts' in each && 'items' in each))
    return plays;
  throw new InputError([
    defaultExportFault(
      path,
      'the playbook does not return a list of plays',
      `Make each with play('web', {hosts: 'web'}, […]).`,
    ),
  ]);
}

function notPlaybook(path: string, exported: Readonly<Record<string, unknown>>): Diagnostic {
  const named = Object.keys(exported).find((name) => name !== 'default' && isPlaybook(exported[name]));
  if (named !== undefined)
    return defaultExportFault(
      path,
      `the playbook "${named}" is not the default export`,
      `Add: export default ${named}`,
    );
  const [, made] = /^const (\w+) = playbook\(/m.exec(readFileSync(path, 'utf8')) ?? [];
  if (made !== undefined && !('default' in exported))
    return defaultExportFault(path, `the playbook "${made}" is not exported`, `Add: export default ${made}`);
  const message = 'default' in exported ? 'the default export is not a playbook' : 'the file has no default export';
  return defaultExportFault(
    path,
    message,
    `Write: export default playbook('site', [play('web', {hosts: 'web'}, […])])`,
  );
}

/** At what is exported, or at the playbook that is not. */
function defaultExportFault(path: string, message: string, hint: string): Diagnostic {
  const text = readFileSync(path, 'utf8');
  const places = [/^export default\b/m, /^(?:export )?const \w+ = playbook\(/m, /^playbook\(/m];
  const offset = places.map((place) => text.search(place)).find((found) => found >= 0) ?? 0;
  return faultAt({file: path, text}, offset, message, hint);
}

function missing(path: string): Diagnostic {
  const near = [dirname(path), join(dirname(path), 'playbooks'), resolve('playbooks')].flatMap(playbooksIn);
  const hint = near.length > 0 ? nearHint(path, [...new Set(near)]) : 'Name the file with --playbook.';
  return {message: `there is no playbook ${path}`, hint};
}

function nearHint(path: string, near: readonly string[]): string {
  const shown = near.map((each) => relative('', each));
  const more = shown.length > 6 ? ', …' : '';
  return didYouMean(relative('', path), shown) ?? `The playbooks near it are: ${shown.slice(0, 6).join(', ')}${more}.`;
}

function playbooksIn(directory: string): string[] {
  const names = namesIn(directory).filter((name) => EXTENSIONS.includes(extname(name)) && !name.endsWith('.d.ts'));
  return names.map((name) => join(directory, name));
}
