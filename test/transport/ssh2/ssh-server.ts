import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import ssh2, {type ServerChannel} from 'ssh2';
import type {Host} from '../../../src/model/index.js';
import {knownHostName} from '../../../src/transport/index.js';
import {hostNamed} from '../../renderers/host-named.js';
import {keyPair} from '../../support/key-pair.js';

/** What an SSH server does with a command: `accept` opens its channel. */
export type OnExec = (accept: () => ServerChannel, command: string) => void;

/** An SSH server of this process that lets anybody in. Returns the host to connect to. */
export async function sshServer(t: ExecutionContext, onExec: OnExec): Promise<Host> {
  const keys = keyPair();
  const clients = new Set<{end(): unknown}>();
  const server = new ssh2.Server({hostKeys: [keys.private]}, (client) => {
    clients.add(client);
    client.on('error', () => {});
    client.on('authentication', (context) => context.accept());
    client.on('session', (accept) =>
      accept().on('exec', (acceptExec, _reject, {command}) => onExec(acceptExec, command)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const directory = mkdtempSync(path.join(tmpdir(), 'infra-ssh-'));
  t.teardown(() => {
    server.close();
    for (const client of clients) client.end();
    rmSync(directory, {recursive: true});
  });
  const knownHosts = path.join(directory, 'known_hosts');
  writeFileSync(knownHosts, `${knownHostName('127.0.0.1', port)} ${keys.public}\n`);
  const identity = path.join(directory, 'id');
  writeFileSync(identity, keys.private, {mode: 0o600});
  const login = {user: 'me', become: false, identityFiles: [identity], knownHostsFiles: [knownHosts]};
  return {...hostNamed('peer'), address: '127.0.0.1', port, ...login};
}

/** Runs the command on this machine, as sshd does. `alter` may change what comes back. */
export const really =
  (alter: (chunk: Buffer) => Buffer = (chunk) => chunk): OnExec =>
  (accept, command) => {
    const channel = accept();
    const child = spawn('sh', ['-c', command], {detached: true});
    child.stdin.on('error', () => {});
    channel.on('error', () => {});
    channel.pipe(child.stdin);
    child.stdout.on('data', (chunk: Buffer) => channel.write(alter(chunk)));
    child.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk));
    child.on('close', () => channel.end());
  };
