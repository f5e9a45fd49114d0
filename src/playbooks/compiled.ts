import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join, parse, relative} from 'node:path';
import type {Source} from '../model/index.js';
import {INFRA} from './infra-url.js';

/**
 * Where the JavaScript of a playbook lies: the compiler writes it when it has found the types good, below `folder` as in
 * a copy of the file system, so that files find each other. It can be loaded without the hooks, whose thread costs a
 * tenth of a second on Node 20. Undefined when there is none, or when a file asks for its own place, which would be
 * another one.
 */
export function compiledPlaybook(folder: string, path: string, sources: readonly Source[]): string | undefined {
  const file = join(folder, relative(parse(path).root, path)).replace(/ts$/, 'js');
  return sources.some(({text}) => text.includes('import.meta')) || !existsSync(file) ? undefined : file;
}

/** Empties the folder and puts in it what the compiled files need to find this package. */
export function prepareFolder(folder: string): void {
  rmSync(folder, {recursive: true, force: true});
  const stub = join(folder, 'node_modules', 'infra');
  mkdirSync(stub, {recursive: true, mode: 0o700});
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(stub, 'package.json'), '{"type": "module", "exports": "./index.js"}');
  writeFileSync(join(stub, 'index.js'), `export * from ${JSON.stringify(INFRA)};\n`);
}

/** The compiler's options that put the JavaScript there. */
export function outputOptions(folder: string, path: string): object {
  return {
    outDir: folder,
    rootDir: parse(path).root,
    noEmitOnError: true,
    inlineSourceMap: true,
    rewriteRelativeImportExtensions: true,
  };
}
