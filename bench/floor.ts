import {spawn} from 'node:child_process';
import type {OpenTask} from '../src/engine/compile/compile.js';
import {projectHere} from '../src/local/project.js';
import type {Host} from '../src/model/index.js';
import {openConsole} from '../src/session/console.js';
import {closeAll, loadSession, planSession} from '../src/session/session.js';
import {quote, type Reply} from '../src/shell/index.js';
import {FailedRun, PLAYBOOK} from './infra.js';

/** What one host is asked: the probes of infra's own tasks, as one script. */
export interface Question {
  readonly host: Host;
  readonly tasks: readonly OpenTask[];
  readonly script: string;
}

/** The questions that `infra plan` would put to each host. Rejects with `FailedRun` when it cannot be planned. */
export async function loadQuestions(inventory: string): Promise<readonly Question[]> {
  const project = projectHere();
  const session = await loadSession(project, {inventory, playbook: PLAYBOOK}, openConsole(project));
  const planned = await planSession(session, () => {});
  await closeAll(planned);
  return planned.map(({plan, run}) => {
    if (!run) throw new FailedRun(`${plan.host.name}: ${plan.failure?.message}`);
    const tasks = run.plays.flatMap((play) => play.tasks);
    const probes = tasks.map(({question}) => `(\n${question.probe.reveal()}\n)\nprintf '\\n%s %d\\n' ${MARK} $?`);
    return {host: run.host, tasks, script: `${PRELUDE}\n${probes.join('\n')}\n`};
  });
}

const MARK = 'floor';

/** The surroundings that probes are written for, as infra's remote shell sets them up. */
const PRELUDE = `export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022; cd /`;

/** Root's shell takes the whole script first, so that no probe can read a part of it. */
const REMOTE = `exec sudo -n -H -- sh -c ${quote('script=$(cat); exec </dev/null; eval "$script"')}`;

/**
 * Seconds until every host has answered: all at once, one OpenSSH call each with the options that OpenSSH has by
 * itself, no shared connection. Rejects with `FailedRun` when an answer is not what an empty plan is made from.
 */
export async function measureFloor(questions: readonly Question[]): Promise<number> {
  const since = performance.now();
  const answers = await Promise.all(questions.map(ask));
  const seconds = (performance.now() - since) / 1000;
  for (const [index, question] of questions.entries()) checkAnswer(question, answers[index] ?? []);
  return seconds;
}

function ask({host, script}: Question): Promise<readonly (Reply | undefined)[]> {
  const child = spawn('ssh', [...sshOptions(host), host.address, REMOTE], {stdio: ['pipe', 'pipe', 'pipe']});
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.resume();
  child.stdin.end(script);
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new FailedRun(`ssh: ${error.message}`)));
    child.on('close', () => resolve(parseReplies(Buffer.concat(chunks).toString())));
  });
}

function parseReplies(output: string): readonly Reply[] {
  const parts = output.split(/\nfloor (\d+)\n/);
  return parts.flatMap((code, index) => {
    const stdout = parts[index - 1] ?? '';
    return index % 2 === 1 ? [{code: Number(code), stdout, stderr: '', truncated: false}] : [];
  });
}

function sshOptions(host: Host): string[] {
  const options = [
    'BatchMode=yes',
    'ControlMaster=no',
    'ControlPath=none',
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${host.knownHostsFiles.join(' ')}`,
  ];
  const keys = host.identityFiles.flatMap((file) => ['-i', file]);
  const port = ['-p', String(host.port), '-l', host.user];
  return ['-T', '-F', 'none', ...keys, ...port, ...options.flatMap((option) => ['-o', option])];
}

/** The same judgement as in a plan: else the floor might be fast because it failed. */
function checkAnswer({host, tasks}: Question, replies: readonly (Reply | undefined)[]): void {
  const differing = tasks.filter(({question}, index) => {
    const reply = replies[index];
    return reply === undefined || question.judge(reply).type !== 'unchanged';
  });
  if (differing.length === 0) return;
  const names = differing.map(({task}) => `${task.type} ${task.id}`);
  throw new FailedRun(`the floor's answer from ${host.name} is not an empty plan: ${names.join(', ')}`);
}
