import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {nodeProgram} from '../local/this-machine.js';
import {type Diagnostic, excerptOf} from '../model/index.js';

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
