import {spawn} from 'node:child_process';
import {closeSync, openSync, rmSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {readIfPossible} from '../../local/read-file.js';

/** A process that cannot be mistaken for a later one with the same number: start time in ticks, and the boot. */
export type RecordedProcess = {readonly pid: number; readonly startTime: string; readonly boot: string};

/**
 * Starts a POSIX shell script detached, in a new session and mount namespace. First of all it writes its process to
 * `record`, so that it is found again when its starter has died; its output goes to `log`. Its mounts vanish with it.
 */
export function startRecorded(record: string, log: string, script: string, args: readonly string[]): void {
  rmSync(record, {force: true});
  const output = openSync(log, 'a');
  const command = ['--mount', '--propagation', 'private', 'sh', '-c', `${writeRecord}${script}`, record, ...args];
  spawn('unshare', command, {
    detached: true,
    stdio: ['ignore', output, output],
    cwd: '/',
    env: plainEnvironment(),
  }).unref();
  closeSync(output);
}

// Field 22 of stat is the start time (proc(5)); the shell's name holds no space, so counting fields is safe.
const writeRecord = `set -eu
umask 022
echo "$$ $(cut -d' ' -f22 /proc/$$/stat) $(cat /proc/sys/kernel/random/boot_id)" >"$0.new"
mv "$0.new" "$0"
`;

/** The process recorded in a file; undefined when there is none or it has ended. */
export function livingProcess(record: string): RecordedProcess | undefined {
  const recorded = parseRecord(textOf(record));
  return recorded && isAlive(recorded) ? recorded : undefined;
}

/** Parses what `startRecorded` writes: `PID START BOOT`. */
export function parseRecord(text: string): RecordedProcess | undefined {
  const [, pid, startTime, boot] = /^(\d+) (\d+) ([0-9a-f-]+)\n$/.exec(text) ?? [];
  return pid && startTime && boot ? {pid: Number(pid), startTime, boot} : undefined;
}

/** State letter, parent and start time out of `/proc/PID/stat`, whose second field may hold spaces and brackets. */
export function parseStat(text: string): {state: string; parent: number; startTime: string} | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, startTime] = [fields[0], fields[1], fields[19]];
  return state && parent && startTime ? {state, parent: Number(parent), startTime} : undefined;
}

/** Kills a process and its group at once, and waits until it is gone (at most 5 s). */
export async function killGroup(recorded: RecordedProcess): Promise<void> {
  if (isAlive(recorded)) signal(-recorded.pid, 'SIGKILL');
  await waitForEnd(recorded, 5);
}

/** Waits until a process is gone; false when it still lives after `seconds`. */
export async function waitForEnd(recorded: RecordedProcess, seconds: number): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (isAlive(recorded)) {
    if (performance.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

/** Sends a signal; it is not an error if the process has just ended. */
export function signal(pid: number, name: NodeJS.Signals | number): void {
  try {
    process.kill(pid, name);
  } catch {
    // ESRCH: it ended by itself between the check and the signal.
  }
}

function isAlive({pid, startTime, boot}: RecordedProcess) {
  const now = parseStat(textOf(`/proc/${pid}/stat`));
  const thisBoot = textOf('/proc/sys/kernel/random/boot_id').trim();
  return now !== undefined && now.startTime === startTime && now.state !== 'Z' && boot === thisBoot;
}

const textOf = (path: string) => readIfPossible(path) ?? '';

function plainEnvironment() {
  return {PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8'};
}
