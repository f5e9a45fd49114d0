import {readFileSync} from 'node:fs';
import {errorCode} from '../local/read-file.js';
import {type Diagnostic, excerptOf, faultAt, InputError, type Position, positionIn, SpecError} from '../model/index.js';
import type {SyntaxFault} from './hooks.js';
import {localNames} from './sources.js';

/**
 * What went wrong while a playbook was loaded or run, as faults in the user's file. `playbook` is named where an error
 * has no place.
 */
export function explainError(cause: unknown, playbook: string): InputError {
  if (cause instanceof InputError) return new InputError(cause.diagnostics.map(withExcerpt));
  if (!(cause instanceof Error))
    return new InputError([
      {message: `${playbook} threw ${describe(cause)}`, hint: 'Throw an Error, which has its line.'},
    ]);
  if (isSyntaxError(cause)) return new InputError(syntaxFaults(cause));
  return new InputError([missingExport(cause) ?? missingModule(cause) ?? thrown(cause, playbook)]);
}

type SyntaxFailure = Error & {file: string; syntaxFaults: readonly SyntaxFault[]};

// Made by our own load hook, in another thread.
const isSyntaxError = (cause: Error): cause is SyntaxFailure => 'syntaxFaults' in cause;

function syntaxFaults({file, syntaxFaults}: SyntaxFailure): Diagnostic[] {
  const text = readFileSync(file, 'utf8');
  return syntaxFaults.map(({message, offset, hint}) => faultAt({file, text}, offset, message, hint));
}

/** Node puts `file:line`, the line and a caret before the stack. */
function missingExport({message, stack = ''}: Error): Diagnostic | undefined {
  const [, module = '', name = ''] =
    /^The requested module '(.*)' does not provide an export named '(.*)'$/.exec(message) ?? [];
  if (name === '') return undefined;
  const [, file = '', line = '1'] = /^(?:file:\/\/)?(\/.*):(\d+)$/m.exec(stack) ?? [];
  const fault = {message: `"${module}" has no export named "${name}"`, hint: exportHint(module, name)};
  if (file === '') return fault;
  const at = {file: decodeURI(file), line: Number(line), column: 1};
  const {excerpt} = withExcerpt({message, at});
  const column = Math.max(0, excerpt?.search(new RegExp(`\\b${name}\\b`)) ?? 0) + 1;
  return {...fault, at: {...at, column}, excerpt};
}

function exportHint(module: string, name: string): string {
  if (name === 'default') return `Import what you need by name: import {…} from '${module}'`;
  return 'Check the spelling, or use "import type" for a type.';
}

function missingModule(cause: Error): Diagnostic | undefined {
  if (errorCode(cause) !== 'ERR_MODULE_NOT_FOUND') return undefined;
  const [, kind, name = '', file = ''] =
    /^Cannot find (package|module) '(.*)' imported from (.*)$/.exec(cause.message) ?? [];
  if (file === '') return undefined;
  const source = {file, text: readFileSync(file, 'utf8')};
  if (kind === 'package')
    return faultAt(source, quoted(source.text, name), `there is no package "${name}"`, packageHint(name));
  const written = localNames(source.text).find(
    ({specifier}) => new URL(specifier, `file://${file}`).pathname === encodeURI(name),
  );
  return faultAt(
    source,
    written?.offset ?? 0,
    `there is no file ${name}`,
    'Check the path; it starts from the directory of this file.',
  );
}

function packageHint(name: string): string {
  return name === 'infra'
    ? `Import everything from 'infra' itself.`
    : `Run npm install ${name} in the directory of the playbook.`;
}

const quoted = (text: string, name: string) => Math.max(0, ...['"', "'"].map((quote) => text.indexOf(quote + name)));

function thrown(cause: Error, playbook: string): Diagnostic {
  const at = positionIn(cause.stack);
  const message = ['SpecError', 'Error'].includes(cause.name) ? cause.message : describe(cause);
  const hint = cause instanceof SpecError ? cause.hint : undefined;
  return at === undefined ? {message: `${playbook}: ${message}`, hint} : withExcerpt({message, at, hint});
}

function withExcerpt(fault: Diagnostic): Diagnostic {
  return fault.at === undefined || fault.excerpt !== undefined ? fault : {...fault, excerpt: lineAt(fault.at)};
}

function lineAt({file, line}: Position): string | undefined {
  try {
    return excerptOf(readFileSync(file, 'utf8'), line);
  } catch {
    return undefined;
  }
}

const describe = (cause: unknown) => (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
