import {spawn} from 'node:child_process';
import {accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onExit} from 'signal-exit';
import type {Project} from '../../local/project.js';
import {askConfirmation, whenInterrupted} from '../../local/prompt.js';
import {onSignals} from '../../local/signals.js';
import {InputError} from '../../model/index.js';
import {renderDiagnostics} from '../../renderers/index.js';
import type {Console} from '../../session/console.js';

/**
 * Opens a text in the operator's editor until `parse` accepts the result. The file can be read by the operator only, is
 * in memory if the system allows, and is deleted whatever happens, except after a kill -9. Undefined when the operator
 * gives up. Rejects with `InputError` when the editor fails or is ended.
 */
export async function editPrivately<T>(
  project: Project,
  text: string,
  name: string,
  parse: (text: string, file: string) => T,
  out: Console,
): Promise<T | undefined> {
  const place = privatePlace();
  let directory: string | undefined;
  const remove = () => {
    if (directory !== undefined) rmSync(directory, {recursive: true, force: true});
  };
  // Before the text is written. Ctrl-C is left to the editor.
  const releases = [onExit(remove), onSignals(['SIGINT'], () => {})];
  try {
    directory = mkdtempSync(join(place, 'infra-edit-'));
    const file = join(directory, name);
    writeFileSync(file, text, {mode: 0o600});
    for (;;) {
      await runEditor(file, project.env, remove);
      try {
        return parse(readFileSync(file, 'utf8'), file);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        out.notice(renderDiagnostics(error.diagnostics).trimEnd());
        if (await givesUp(project)) return undefined;
      }
    }
  } finally {
    remove();
    for (const release of releases) release();
  }
}

/** `/dev/shm` is memory on Linux: the text reaches a disk only by swapping. */
function privatePlace(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}

/** Runs the editor. When infra is ended in the meantime, the text is deleted at once, and the editor is ended too. */
async function runEditor(file: string, env: NodeJS.ProcessEnv, remove: () => void): Promise<void> {
  const command = env.VISUAL || env.EDITOR || 'vi';
  // As other programs do: the variable may hold options.
  const editor = spawn('sh', ['-c', `exec ${command} "$1"`, 'sh', file], {stdio: 'inherit'});
  const release = onSignals(['SIGTERM', 'SIGHUP'], (signal) => {
    remove();
    editor.kill(signal);
  });
  const ended = await new Promise<number | string>((resolve) => {
    editor.on('error', () => resolve('an error'));
    editor.on('close', (code, signal) => resolve(code ?? signal ?? 'an error'));
  });
  release();
  if (ended === 0) return;
  const message = `the editor "${command}" ended with ${typeof ended === 'number' ? `exit code ${ended}` : ended}`;
  throw new InputError([{message, hint: 'Nothing was changed. Choose one: EDITOR=nano infra secrets edit'}]);
}

async function givesUp({stdin}: Project): Promise<boolean> {
  if (!stdin.isTTY) return true;
  const question = {message: 'Edit again? Otherwise nothing is changed.'};
  return askConfirmation(question).then(
    (again) => !again,
    whenInterrupted(() => true),
  );
}
