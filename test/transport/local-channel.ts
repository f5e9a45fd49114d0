import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {PassThrough} from 'node:stream';
import type {ClientChannel} from 'ssh2';
import {bootstrapCommand} from '../../src/transport/bootstrap.js';
import {RemoteShell} from '../../src/transport/remote-shell.js';

/** The remote loop on this machine, in a process group of its own, on what looks like an SSH channel. */
export function localShell(): {shell: RemoteShell; child: ChildProcessWithoutNullStreams} {
  const child = spawn('sh', ['-c', bootstrapCommand(false)], {detached: true});
  child.stdin.on('error', () => {});
  const channel = Object.assign(new PassThrough(), {stderr: child.stderr, close: () => child.stdin.end()});
  child.stdout.on('data', (chunk) => channel.emit('data', chunk));
  child.on('close', () => channel.emit('close'));
  channel.write = (chunk: unknown) => child.stdin.write(chunk);
  channel.end = () => {
    child.stdin.end();
    return channel;
  };
  // Only what RemoteShell uses of a channel.
  const shell = new RemoteShell(channel as unknown as ClientChannel, (said) => ({
    reason: 'connection-lost',
    message: `lost: ${said}`,
  }));
  return {shell, child};
}
