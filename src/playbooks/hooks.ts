import {readFileSync} from 'node:fs';
import type {LoadFnOutput, LoadHookContext, ResolveFnOutput, ResolveHookContext} from 'node:module';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {transformSync} from 'oxc-transform';
import type {Problem} from '../model/index.js';
import {INFRA, resolveLocal} from './sources.js';

// Node waits for a promise where the hooks run in a thread of their own and wants a value where they do not: the hooks
// return what the next one returns.
type Resolved = ResolveFnOutput | Promise<ResolveFnOutput>;
type Loaded = LoadFnOutput | Promise<LoadFnOutput>;

/**
 * `infra` is this very package, from any directory; relative imports may leave out the extension or write `.js` for
 * `.ts`.
 */
export function resolve(
  specifier: string,
  context: ResolveHookContext,
  next: (specifier: string, context: ResolveHookContext) => Resolved,
): Resolved {
  if (specifier === 'infra') return next(INFRA, context);
  const importer = context.parentURL;
  if (!/^\.{1,2}\//.test(specifier) || !importer?.startsWith('file:') || importer.includes('/node_modules/')) {
    return next(specifier, context);
  }
  const file = resolveLocal(specifier, fileURLToPath(importer));
  return next(file === undefined ? specifier : pathToFileURL(file).href, context);
}

/** TypeScript becomes JavaScript with an inline source map; `.js` outside of packages may be an ES module anywhere. */
export function load(
  url: string,
  context: LoadHookContext,
  next: (url: string, context: LoadHookContext) => Loaded,
): Loaded {
  const path = url.replace(/\?.*$/, '');
  if (!path.startsWith('file:') || path.includes('/node_modules/')) return next(url, context);
  if (/\.m?ts$/.test(path)) return {format: 'module', shortCircuit: true, source: transform(fileURLToPath(path))};
  if (!path.endsWith('.js') || context.format === 'module') return next(url, context);
  const source = readFileSync(fileURLToPath(path), 'utf8');
  return /^\s*(?:import|export)\b/m.test(source) ? {format: 'module', shortCircuit: true, source} : next(url, context);
}

function transform(file: string): string {
  const text = readFileSync(file, 'utf8');
  const {code, map, errors} = transformSync(file, text, {sourcemap: true});
  const faults = errors.filter(({severity}) => severity === 'Error');
  if (faults.length > 0) throw syntaxError(file, text, faults);
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${btoaUtf8(JSON.stringify(map))}`;
}

const btoaUtf8 = (text: string) => Buffer.from(text).toString('base64');

/** A syntax fault as it crosses from the thread of the hooks: plain properties survive, classes do not. */
export interface SyntaxFault extends Problem {
  /** UTF-16 units from the start of the file. */
  readonly offset: number;
}

type Faults = ReturnType<typeof transformSync>['errors'];

function syntaxError(file: string, text: string, faults: Faults): Error {
  const bytes = Buffer.from(text);
  const syntaxFaults = faults.map(({message, labels, helpMessage}): SyntaxFault => {
    const offset = bytes.subarray(0, labels[0]?.start ?? 0).toString().length; // oxc counts bytes
    return {message, offset, hint: helpMessage ?? undefined};
  });
  return Object.assign(new SyntaxError(`${file}: ${faults[0]?.message}`), {file, syntaxFaults});
}
