import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {homedir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Source} from '../model/index.js';
import {compiledPlaybook, outputOptions, prepareFolder} from './compiled.js';
import {runCompiler, type TypeCheck} from './compiler.js';
import {explainTypes} from './explain-types.js';
import {INFRA} from './infra-url.js';
import {loadSources} from './sources.js';

const INDEX = fileURLToPath(new URL('../index.d.ts', import.meta.url));
const require = createRequire(import.meta.url);

/**
 * Checks the types of a TypeScript playbook, strictly and without a tsconfig of the user's; JavaScript is taken as it
 * is, and a missing file is left to `loadPlaybook`. The last good version of each playbook is remembered below `cache`
 * with its JavaScript, so that the compiler runs only when the playbook, its local imports or this package changed.
 */
export async function checkTypes(file: string, cache = defaultCache()): Promise<TypeCheck> {
  const path = resolve(file);
  if (!/\.m?ts$/.test(path) || !existsSync(path)) return {diagnostics: []};
  const compiler = findCompiler();
  if (compiler === undefined) return {diagnostics: [], skipped: 'the package "typescript" is not installed'};
  // Two copies of this package share no output: each playbook belongs to the one that compiled it.
  const key = join(cache, sha256(`${INDEX}\n${path}`).slice(0, 16));
  const sources = loadSources(path);
  const config = configFor(path, key);
  const digest = digestOf(sources, compiler.version, config);
  if (readOrNothing(`${key}.good`) === digest) return {diagnostics: [], compiled: compiledPlaybook(key, path, sources)};
  try {
    mkdirSync(cache, {recursive: true, mode: 0o700});
    prepareFolder(key);
    writeFileSync(`${key}.json`, config);
  } catch (cause) {
    return {diagnostics: [], skipped: `the folder ${cache} cannot be written (${String(cause)})`};
  }
  const outcome = await runCompiler(compiler.script, `${key}.json`, dirname(path));
  if (outcome.skipped !== undefined) return outcome;
  if (outcome.diagnostics.length > 0) {
    const exported: object = await import(INFRA);
    return {diagnostics: explainTypes(outcome.diagnostics, Object.keys(exported))};
  }
  writeFileSync(`${key}.good`, digest);
  return {...outcome, compiled: compiledPlaybook(key, path, sources)};
}

function defaultCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'infra', 'types');
}

/** TypeScript 7 is a native program behind a small script; it has no interface for JavaScript. */
function findCompiler(): {script: string; version: string} | undefined {
  try {
    const manifest = require.resolve('typescript/package.json');
    const {version}: {version: string} = JSON.parse(readFileSync(manifest, 'utf8'));
    return {script: join(dirname(manifest), 'bin/tsc'), version};
  } catch {
    return undefined;
  }
}

/** Of the files checked, the compiler, and our own declarations, which every build writes anew. */
function digestOf(sources: readonly Source[], version: string, config: string): string {
  const {mtimeMs, size} = statSync(INDEX);
  const texts = sources.map(({file, text}) => [file, sha256(text)]);
  return sha256(JSON.stringify([version, INDEX, mtimeMs, size, config, texts]));
}

/** `output`: the folder for the JavaScript. */
function configFor(path: string, output: string): string {
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
    paths: {infra: [INDEX]},
    types: roots.length > 0 ? ['node'] : [],
    typeRoots: roots,
  };
  return JSON.stringify({compilerOptions, files: [path]});
}

function typeRoots(): string[] {
  try {
    return [dirname(dirname(require.resolve('@types/node/package.json')))];
  } catch {
    return [];
  }
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
