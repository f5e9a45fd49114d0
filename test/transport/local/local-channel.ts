import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {PassThrough} from 'node:stream';
import type {Channel} from '../../../src/transport/bootstrap.js';
import {bootstrapCommand} from '../../../src/transport/bootstrap.js';
import {RemoteShell} from '../../../src/transport/remote-shell.js';

/** The remote loop on this machine, in a process group of its own, on what looks like an SSH channel. */
export function localShell(command = ['sh', '-c', bootstrapCommand(false)]): {
  shell: RemoteShell;
  child: ChildProcessWithoutNullStreams;
} {
  const [program = 'sh', ...args] = command;
  const child = spawn(program, args, {detached: true});
  child.stdin.on('error', () => {});
  const events = new PassThrough();
  child.stdout.on('data', (chunk) => events.emit('data', chunk));
  child.on('close', () => events.emit('close'));
  const channel: Channel = {
    // Each event has the arguments that its listener takes.
    on: (event: string, listener: (...args: never[]) => void) => events.on(event, listener as () => void),
    stderr: child.stderr,
    get writable() {
      return child.stdin.writable;
    },
    write: (bytes, taken) => child.stdin.write(bytes, () => taken?.()),
    end: () => child.stdin.end(),
    close: () => child.stdin.end(),
  };
  const shell = new RemoteShell(channel, (said) => ({reason: 'connection-lost', message: `lost: ${said}`}));
  return {shell, child};
}
