import {setTimeout as sleep} from 'node:timers/promises';
import {cutOff} from '../../../src/lab/hosts/boot.js';
import {labPaths} from '../../../src/lab/lab.js';
import {run} from '../../../src/lab/machine/run.js';
import {mustRun, type Outcome} from '../programs.js';
import type {Project} from '../project.js';
import {askConsole} from './console.js';
import type {DelayedNetwork} from './network.js';
import type {DatabaseServer} from './servers.js';

/* What breaks. Each is done from outside, without the host's help, and at once. */

const unitOf = ({family}: DatabaseServer) => (family === 'mariadb' ? 'mariadb' : 'mysql');

/** The server's process stops in the middle of what it does, and keeps its connections: a zombie after `wake`. */
export function freeze(server: DatabaseServer): Promise<string> {
  return signalServer(server, 'STOP');
}

/** It goes on as if no time had passed. */
export function wake(server: DatabaseServer): Promise<string> {
  return signalServer(server, 'CONT');
}

/** The server's process ends at once; systemd starts it again after a few seconds, as it does on a server. */
export function kill(server: DatabaseServer): Promise<string> {
  return signalServer(server, 'KILL');
}

/** The same, and it is not started again. */
export function killForGood(server: DatabaseServer): Promise<string> {
  return askConsole(
    server.name,
    `systemctl mask --runtime --quiet ${unitOf(server)} 2>/dev/null; ${signal(server, 'KILL')}`,
  );
}

function signalServer(server: DatabaseServer, name: string): Promise<string> {
  return askConsole(server.name, signal(server, name));
}

/** The main process alone: systemctl(1) would signal the whole control group, and only by way of systemd. */
const signal = (server: DatabaseServer, name: string) =>
  `p=$(systemctl show --property=MainPID --value ${unitOf(server)}); [ "$p" = 0 ] || kill -${name} "$p"`;

/**
 * The power of a host is gone: what it had not sent, what is on its way, and its processes. `restore` boots it again,
 * with the disk as it was.
 */
export async function cutPower(server: DatabaseServer, network?: DelayedNetwork): Promise<void> {
  // The link first: a killed process leaves its kernel the time to say goodbye.
  await Promise.all([network?.lose(server), link(server, 'down')]);
  await cutOff(labPaths(process.cwd(), process.env), server.name);
}

export async function restorePower(server: DatabaseServer, network?: DelayedNetwork): Promise<void> {
  await mustRun(['lab', 'reboot', server.name]);
  await network?.restart(server);
}

/** The lab's end of a host's network cable: nothing reaches the host, and it goes on. */
export function link(server: DatabaseServer, state: 'up' | 'down'): Promise<string> {
  return run('ip', ['link', 'set', `vb-${server.name}`, state]);
}

const DATA = '/var/lib/mysql';

/** Puts the data on a file system of its own with this many MiB free, so that it can be filled. The server restarts. */
export function limitDisk(server: DatabaseServer, free: number): Promise<string> {
  return askConsole(
    server.name,
    `set -e; systemctl stop ${unitOf(server)}; mv ${DATA} ${DATA}.all; mkdir ${DATA}
mount -t tmpfs -o size=$(($(du -sm ${DATA}.all | cut -f1) + ${free}))m,mode=0700 tmpfs ${DATA}
cp -a ${DATA}.all/. ${DATA}/; rm -r ${DATA}.all; chown mysql:mysql ${DATA}; systemctl start ${unitOf(server)}`,
  );
}

/** Takes all the space that is left there. */
export function fillDisk({name}: DatabaseServer): Promise<string> {
  return askConsole(name, `cat /dev/zero >${DATA}/ballast 2>/dev/null || sync ${DATA}/ballast`);
}

export function freeDisk({name}: DatabaseServer): Promise<string> {
  return askConsole(name, `rm -f ${DATA}/ballast`);
}

/** What infra has printed once an operation begins its step with this number. */
export const beginsStep = (step: number) => new RegExp(`(?:\\bbegins\\b[^]*?){${step}}`);

/**
 * Runs infra and kills it as soon as it has begun its step with this number, and a moment later, with the connections
 * gone, runs it again. Where it ends before that step it is not run again.
 */
export async function killedAtStep(project: Project, args: readonly string[], step: number): Promise<Outcome> {
  const running = project.start(args);
  try {
    await running.printed(beginsStep(step));
    running.child.kill('SIGKILL');
  } catch {
    return running.outcome;
  }
  const first = await running.outcome;
  await sleep(1000);
  const second = await project.run(args);
  // Killed after its last change: there is nothing left to do.
  const isDone = second.stderr.includes(' is the primary already');
  return {...second, code: isDone ? 0 : second.code, stdout: `${first.stdout}\n(killed)\n${second.stdout}`};
}

/** Runs infra and kills it after this many milliseconds, wherever it is, and runs it again. */
export async function killedAfter(project: Project, args: readonly string[], milliseconds: number): Promise<Outcome> {
  const running = project.start(args);
  const timer = setTimeout(() => running.child.kill('SIGKILL'), milliseconds);
  const first = await running.outcome;
  clearTimeout(timer);
  if (first.code !== null) return first;
  await sleep(1000);
  const second = await project.run(args);
  const isDone = /is the primary already|replicates already/.test(second.stderr);
  return {...second, code: isDone ? 0 : second.code, stdout: `${first.stdout}\n(killed)\n${second.stdout}`};
}
