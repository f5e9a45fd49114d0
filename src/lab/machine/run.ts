import {spawn} from 'node:child_process';
import {LabError} from '../lab.js';

/** Runs a command of this machine and returns its standard output; throws `LabError` with the last lines it printed. */
export async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const result = await tryRun(command, args, env);
  if (result.code === 0) return result.stdout;
  const ending = lastLines(result.stderr || result.stdout, 8);
  throw new LabError(
    'command-failed',
    `${command} ${args[0] ?? ''} ended with ${result.code ?? 'a signal'}${ending && `:\n${ending}`}`,
    'Fix what it names, then run the lab command again.',
  );
}

/** How a command ended; `code` is undefined when a signal ended it, 127 when it does not exist. */
export type Ended = {readonly code: number | undefined; readonly stdout: string; readonly stderr: string};

/** Runs a command and never throws for its failure. */
export function tryRun(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {...process.env, LC_ALL: 'C.UTF-8', ...env},
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', (error) => resolve({code: 127, stdout, stderr: error.message}));
    child.on('close', (code) => resolve({code: code ?? undefined, stdout, stderr}));
  });
}

/** The last `count` lines of a text that are not blank. */
export function lastLines(text: string, count: number): string {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim())
    .slice(-count)
    .join('\n');
}
