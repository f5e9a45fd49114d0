import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Outcome} from './lab.js';

/** A running `infra`, to be disturbed. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** Until what it has printed matches. Rejects when it ends without. */
  printed(text: RegExp): Promise<void>;
  readonly outcome: Promise<Outcome>;
}

/** A project in a directory of its own, so that its runs are on record apart from those of other tests. */
export interface Project {
  readonly directory: string;
  /** `input`: its standard input. */
  start(args: readonly string[], env?: NodeJS.ProcessEnv, input?: string): Running;
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome>;
}

/** `playbook`: the text of `site.ts`. */
export async function newProject(playbook: string): Promise<Project> {
  const project = await emptyProject();
  await writeFile(path.join(project.directory, 'site.ts'), playbook);
  return project;
}

export async function emptyProject(): Promise<Project> {
  return projectIn(await mkdtemp(path.join(tmpdir(), 'infra-test-')));
}

/** A project that exists. */
export function projectIn(directory: string): Project {
  const infra = path.resolve('bin/infra');
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}, input = '') =>
    follow(
      spawn(process.execPath, [infra, ...args], {cwd: directory, env: {...process.env, NO_COLOR: '1', ...env}}),
      input,
    );
  return {directory, start, run: (args, env) => start(args, env).outcome};
}

function follow(child: ChildProcessWithoutNullStreams, input: string): Running {
  const texts = {stdout: '', stderr: ''};
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  }
  child.stdin.end(input);
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({code, ...texts}));
  });
  const printed = (text: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => text.test(texts.stdout + texts.stderr) && resolve();
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      outcome.then(({stdout, stderr}) => reject(new Error(`it ended without ${text}:\n${stdout}${stderr}`)), reject);
      look();
    });
  return {child, printed, outcome};
}
