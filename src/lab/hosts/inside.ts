import {readdirSync, readFileSync} from 'node:fs';
import {parseStat, type RecordedProcess} from '../machine/process.js';
import {type Ended, tryRun} from '../machine/run.js';

/**
 * The number, on this machine, of a running host's own process 1; undefined while it has none. `parents` saves whoever
 * asks for many hosts from reading all processes for each.
 */
export function initOf(host: RecordedProcess, parents = processParents()): number | undefined {
  return [...parents.keys()].find((pid) => hasAncestor(parents, pid, host.pid) && isInit(pid));
}

/** Runs a command inside a host as root, without ssh: in all namespaces of its process 1. */
export function runInside(init: number, command: readonly string[]): Promise<Ended> {
  return tryRun('nsenter', [
    '--target',
    `${init}`,
    '--mount',
    '--uts',
    '--ipc',
    '--net',
    '--pid',
    '--root',
    '--wd',
    ...command,
  ]);
}

/** The parent of every process of this machine. */
export function processParents(): ReadonlyMap<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((pid) => {
      const parent = parseStat(read(`/proc/${pid}/stat`))?.parent;
      return parent === undefined ? [] : [[Number(pid), parent] as const];
    }),
  );
}

function hasAncestor(parents: ReadonlyMap<number, number>, pid: number, ancestor: number): boolean {
  const parent = parents.get(pid);
  return parent !== undefined && (parent === ancestor || hasAncestor(parents, parent, ancestor));
}

// NSpid lists a process's number in each pid namespace from ours inwards (proc(5)).
function isInit(pid: number) {
  return /^NSpid:\t\d+\t1$/m.test(read(`/proc/${pid}/status`));
}

function read(path: string) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
