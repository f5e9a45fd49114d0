import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {sha256} from '../local/digest.js';
import type {SourceText} from '../model/index.js';
import {
  beginCompiled,
  compiledPlaybook,
  faultOfDirectory,
  findCompiled,
  keepCompiled,
  outputOptions,
} from './compiled.js';
import {runCompiler, type TypeCheck} from './compiler.js';
import {INFRA, loadSources} from './sources.js';

const INDEX = fileURLToPath(new URL('../index.d.ts', import.meta.url));
const OUR_MANIFEST = fileURLToPath(new URL('../../../package.json', import.meta.url));
const require = createRequire(import.meta.url);

/**
 * Checks the types of a TypeScript playbook, strictly and without a tsconfig of the user's; JavaScript is not
 * checked, and a missing file is left to `loadPlaybook`. The last good versions of each playbook are kept below `cache`
 * as JavaScript, so that the compiler runs only when the playbook, its local imports or this package changed.
 */
export async function checkTypes(file: string, cache: string): Promise<TypeCheck> {
  const path = resolve(file);
  if (!/\.m?ts$/.test(path) || !existsSync(path)) return {diagnostics: []};
  const compiler = findCompiler();
  if (compiler === undefined) return {diagnostics: [], skipped: 'the package "typescript" is not installed'};
  const fault = faultOfDirectory(cache);
  if (fault !== undefined) return withoutCache(path, compiler, fault);
  // Two copies of this package share no output: each playbook belongs to the one that compiled it.
  return checkIn(join(cache, sha256(`${INDEX}\n${path}`).slice(0, 16)), path, compiler);
}

/** Checks in a temporary directory, which is deleted afterwards. */
async function withoutCache(path: string, compiler: Compiler, fault: string): Promise<TypeCheck> {
  const directory = makeDirectory();
  if (directory === undefined) return {diagnostics: [], skipped: fault};
  try {
    const {compiled: _, ...checked} = await checkIn(directory, path, compiler);
    const notice = `The type check of ${path} is not cached: ${fault}. Set XDG_CACHE_HOME to a directory of your own.`;
    return {...checked, notice};
  } finally {
    rmSync(directory, {recursive: true, force: true});
  }
}

function makeDirectory(): string | undefined {
  try {
    return mkdtempSync(join(tmpdir(), 'infra-types-'));
  } catch {
    return undefined;
  }
}

/** Compiles files again that change during compilation: their JavaScript may be of either version. */
async function checkIn(directory: string, path: string, compiler: Compiler, attempts = 3): Promise<TypeCheck> {
  const sources = loadSources(path);
  const before = stateOf(sources);
  const digest = digestOf(sources, compiler.version, path);
  const found = findCompiled(directory, digest);
  if (found !== undefined) return {diagnostics: [], compiled: compiledPlaybook(found, path, sources)};
  const work = begin(directory);
  if (typeof work !== 'string') return work;
  const outcome = await compile(work, path, compiler);
  if (outcome.skipped !== undefined || outcome.diagnostics.length > 0) {
    rmSync(work, {recursive: true, force: true});
    return outcome;
  }
  if (before === stateOf(loadSources(path))) {
    const kept = keepCompiled(work, directory, digest);
    return {diagnostics: [], compiled: kept && compiledPlaybook(kept, path, sources)};
  }
  rmSync(work, {recursive: true, force: true});
  return attempts > 1 ? checkIn(directory, path, compiler, attempts - 1) : outcome;
}

function begin(directory: string): string | TypeCheck {
  try {
    return beginCompiled(directory);
  } catch (cause) {
    return {diagnostics: [], skipped: `the directory ${directory} cannot be written (${String(cause)})`};
  }
}

async function compile(work: string, path: string, compiler: Compiler): Promise<TypeCheck> {
  const config = join(work, 'tsconfig.json');
  writeFileSync(config, JSON.stringify(configFor(path, work)));
  const outcome = await runCompiler(compiler.script, config, dirname(path));
  rmSync(config);
  if (outcome.diagnostics.length === 0) return outcome;
  // A playbook without faults needs no words for them.
  const [{explainTypes}, exported] = await Promise.all([import('./explain-types.js'), import(INFRA)]);
  return {diagnostics: explainTypes(outcome.diagnostics, {...exported})};
}

interface Compiler {
  readonly script: string;
  readonly version: string;
}

/** TypeScript 7 is a native program behind a small script; it has no interface for JavaScript. */
function findCompiler(): Compiler | undefined {
  try {
    const manifest = require.resolve('typescript/package.json');
    const {version}: {version: string} = JSON.parse(readFileSync(manifest, 'utf8'));
    return {script: join(dirname(manifest), 'bin/tsc'), version};
  } catch {
    return undefined;
  }
}

/** Digest of the checked files, the compiler, its options, and our own declarations, which every build writes again. */
function digestOf(sources: readonly SourceText[], version: string, path: string): string {
  const {mtimeMs, size} = statSync(INDEX);
  const texts = sources.map(({file, text}) => [file, sha256(text)]);
  const own = readFileSync(OUR_MANIFEST, 'utf8');
  return sha256(JSON.stringify([version, own, INDEX, mtimeMs, size, configFor(path, ''), texts]));
}

/** Differs after every write to one of the files, even where the old text is back. */
const stateOf = (sources: readonly SourceText[]) =>
  JSON.stringify(sources.map(({file, text}) => [file, text, String(statSync(file, {bigint: true}).ctimeNs)]));

/** `output`: the directory for the JavaScript. */
function configFor(path: string, output: string): object {
  const roots = typeRoots();
  const compilerOptions = {
    ...outputOptions(output, path),
    strict: true,
    target: 'es2023',
    module: 'esnext',
    moduleResolution: 'bundler',
    allowImportingTsExtensions: true,
    isolatedModules: true,
    skipLibCheck: true,
    noErrorTruncation: true,
    paths: {infra: [INDEX]},
    types: roots.length > 0 ? ['node'] : [],
    typeRoots: roots,
  };
  return {compilerOptions, files: [path]};
}

function typeRoots(): string[] {
  try {
    return [dirname(dirname(require.resolve('@types/node/package.json')))];
  } catch {
    return [];
  }
}
