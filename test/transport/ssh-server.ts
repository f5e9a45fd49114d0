import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import ssh2, {type ServerChannel} from 'ssh2';
import type {Host} from '../../src/model/index.js';
import {knownHostName} from '../../src/transport/index.js';
import {hostNamed} from '../renderers/host-named.js';

/** What an SSH server does with a command: `accept` opens its channel. */
export type OnExec = (accept: () => ServerChannel, command: string) => void;

/** Now and then ssh2 makes a pair that it cannot read itself. */
function keyPair() {
  for (;;) {
    const keys = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(keys.private) instanceof Error)) return keys;
  }
}

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
  const folder = mkdtempSync(path.join(tmpdir(), 'infra-ssh-'));
  t.teardown(() => {
    server.close();
    for (const client of clients) client.end();
    rmSync(folder, {recursive: true});
  });
  const knownHosts = path.join(folder, 'known_hosts');
  writeFileSync(knownHosts, `${knownHostName('127.0.0.1', port)} ${keys.public}\n`);
  const identity = path.join(folder, 'id');
  writeFileSync(identity, keys.private, {mode: 0o600});
  const login = {user: 'me', become: false, identityFiles: [identity], knownHostsFiles: [knownHosts]};
  return {...hostNamed('peer'), address: '127.0.0.1', port, ...login};
}
