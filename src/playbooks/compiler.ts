import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {namesIn} from '../local/read-file.js';
import {nodeProgram} from '../local/this-machine.js';
import {type Diagnostic, didYouMean, excerptOf, optionMeant} from '../model/index.js';

/** The result of the compiler for a playbook; `skipped`: why it did not run. */
export interface TypeCheck {
  readonly diagnostics: readonly Diagnostic[];
  readonly skipped?: string | undefined;
  /** What was not done as usual, in a sentence. */
  readonly notice?: string | undefined;
  /** The playbook's JavaScript, where there is any. */
  readonly compiled?: string | undefined;
}

const LIMIT = {timeout: 120_000, maxBuffer: 16 * 1024 * 1024};

/** Runs TypeScript's compiler on a configuration; `directory` is what the paths in its output start from. */
export function runCompiler(script: string, config: string, directory: string): Promise<TypeCheck> {
  const options = {...LIMIT, cwd: directory};
  return new Promise((settle) => {
    execFile(nodeProgram, [script, '--project', config, '--pretty', 'false'], options, (error, stdout, stderr) => {
      const diagnostics = parseCompilerOutput(stdout, directory);
      const failed = error !== null && diagnostics.length === 0;
      settle({diagnostics, skipped: failed ? `the compiler failed: ${stderr.trim() || error.message}` : undefined});
    });
  });
}

/** The faults in what `tsc --pretty false` prints. */
function parseCompilerOutput(output: string, directory: string): Diagnostic[] {
  return output.split(/\r?\n(?=\S)/).flatMap((block) => {
    const [, place, row, column, code = '', text = ''] =
      /^(?:(.+?)\((\d+),(\d+)\): )?error (TS\d+): ([\s\S]*)$/.exec(block) ?? [];
    if (code === '') return [];
    const message = `${text.trimEnd()} (${code})`;
    if (place === undefined) return [{message}];
    const at = {file: resolve(directory, place), line: Number(row), column: Number(column)};
    return [{message, at, excerpt: excerptOf(readFileSync(at.file, 'utf8'), at.line)}];
  });
}

/**
 * The compiler's faults in words for authors of playbooks, with a next step where one is known. The code
 * (`TS2304`) stays, to search for. `exported`: the names that this package exports.
 */
export function explainTypes(faults: readonly Diagnostic[], exported: readonly string[]): readonly Diagnostic[] {
  return faults.map((fault) => {
    const [, text = fault.message, code = ''] = /^([\s\S]*) \((TS\d+)\)$/.exec(fault.message) ?? [];
    for (const [pattern, explain] of KNOWN) {
      const found = pattern.exec(text);
      if (!found) continue;
      const {message = text, hint} = explain(found, {exported, file: fault.at?.file ?? ''});
      return {...fault, message: `${message} (${code})`, hint};
    }
    return fault;
  });
}

interface Known {
  readonly exported: readonly string[];
  readonly file: string;
}

type Explained = {readonly message?: string; readonly hint?: string | undefined};

/** Messages of TypeScript 7, by their beginning; the names in them are the user's. */
const KNOWN: readonly (readonly [RegExp, (found: RegExpExecArray, known: Known) => Explained])[] = [
  [/^Cannot find name '(\w+)'/, ([text, name = ''], known) => unknownName(name, text, known)],
  [/^Cannot find module '([^']+)'/, ([, name = ''], {file}) => unknownModule(name, file)],
  [/^Could not find a declaration file for module '([^']+)'/, ([, name = '']) => untyped(name)],
  [
    /^(?:Module )?'"infra"' has no exported member (?:named )?'(\w+)'/,
    ([, name = ''], {exported}) => ({
      message: `"infra" has no export named "${name}"`,
      hint: didYouMean(name, exported),
    }),
  ],
  [
    /^Object literal may only specify known properties, (?:but|and) '([^']+)' does not exist in type '([\s\S]*?)'\.(?: Did you mean to write '(\w+)'\?)?$/,
    ([, name = '', type = '', meant]) => ({
      message: `there is no option "${name}" here`,
      hint:
        optionMeant(taskTypeOf(type), name) ??
        (meant === undefined ? didYouMean(name, keysOf(type)) : `Did you mean "${meant}"?`),
    }),
  ],
  [/Property '([^']+)' is missing in type '/, ([, name = '']) => ({message: `the option "${name}" is missing`})],
  [
    /is not assignable to parameter of type 'Items'/,
    () => ({message: 'a play takes a list of tasks and roles', hint: 'Put them in brackets: […].'}),
  ],
  [
    /^Type 'number' is not assignable to type '(?:readonly )?string/,
    () => ({message: 'this must be text, not a number', hint: 'Put it in quotes.'}),
  ],
];

function unknownName(name: string, text: string, {exported}: Known): Explained {
  if (exported.includes(name))
    return {message: `"${name}" is not imported`, hint: `Add it to the import: import {${name}} from 'infra'`};
  return {hint: /Did you mean/.test(text) ? undefined : didYouMean(name, exported)};
}

function unknownModule(name: string, file: string): Explained {
  if (/^\.{1,2}\//.test(name)) {
    const meant = didYouMean(name, modulesNextTo(name, file));
    return {
      message: `there is no file "${name}" next to this one`,
      hint: meant ?? 'The path starts from the directory of this file.',
    };
  }
  const ours = name.startsWith('infra/') || didYouMean(name, ['infra']) !== undefined;
  const hint = ours ? `Import everything from 'infra'.` : `Install it: npm install ${name}`;
  return {message: `there is no package "${name}"`, hint};
}

function untyped(name: string): Explained {
  return {message: `the package "${name}" has no types`, hint: `Install them: npm install --save-dev @types/${name}`};
}

/** As they are imported: `./stack.js` for `stack.ts`. */
function modulesNextTo(name: string, file: string): string[] {
  const directory = dirname(name);
  const names = namesIn(join(dirname(file), directory)).filter((each) => /\.m?[jt]s$/.test(each));
  return names.map((each) => `${directory === '.' ? './' : `${directory}/`}${each.replace(/\.(m?)ts$/, '.$1js')}`);
}

/** `apt` of `readonly string[] | (AptSpec & TaskOptions)`. */
const taskTypeOf = (type: string) =>
  (/\b(\w+)Spec\b/.exec(type)?.[1] ?? '').replace(/^[A-Z]/, (letter) => letter.toLowerCase());

/** `name` and `tls` of `{ name?: string | undefined; tls?: { … } | undefined; ... 8 more ...; }`. */
const keysOf = (type: string) => [...type.matchAll(/(?:^|[{;]) *(\w+)\??:/g)].map(([, key = '']) => key);
