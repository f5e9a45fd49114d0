import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {loginKeys} from '../../src/survey/index.js';

async function home() {
  const HOME = await mkdtemp(path.join(tmpdir(), 'infra-login-keys-'));
  const directory = path.join(HOME, '.ssh');
  await mkdir(directory);
  const keygen = (name: string, ...more: readonly string[]) => {
    const file = path.join(directory, name);
    execFileSync('ssh-keygen', ['-q', '-C', `${name}@here`, '-f', file, ...more]);
    const [, fingerprint] = execFileSync('ssh-keygen', ['-lf', file], {encoding: 'utf8'}).split(' ');
    return {from: file, fingerprint};
  };
  return {HOME, directory, keygen};
}

test('private keys are described as by ssh-keygen -l, with or without passphrase and public half', async (t) => {
  const {HOME, directory, keygen} = await home();
  const plain = keygen('id_ed25519', '-t', 'ed25519', '-N', '');
  const encrypted = keygen('id_rsa', '-t', 'rsa', '-b', '2048', '-N', 'secret');
  const pem = keygen('id_pem', '-t', 'ecdsa', '-m', 'PEM', '-N', 'secret');
  await rm(`${encrypted.from}.pub`);
  await writeFile(path.join(directory, 'config'), 'Host *\n');
  await writeFile(path.join(directory, 'broken'), '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n');
  t.deepEqual(await loginKeys({HOME}), [
    {...plain, fingerprint: plain.fingerprint ?? '', type: 'ssh-ed25519', comment: 'id_ed25519@here', encrypted: false},
    {...pem, fingerprint: pem.fingerprint ?? '', type: 'ecdsa-sha2-nistp256', comment: 'id_pem@here', encrypted: true},
    {...encrypted, fingerprint: encrypted.fingerprint ?? '', type: 'ssh-rsa', comment: '', encrypted: true},
  ]);
});

test('the agent comes first, and an encrypted file whose key it has is left out', async (t) => {
  const {HOME, keygen} = await home();
  const {fingerprint = '', from} = keygen('id_ed25519', '-t', 'ed25519', '-N', '');
  const SSH_AUTH_SOCK = path.join(HOME, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', SSH_AUTH_SOCK], {stdio: 'ignore'});
  try {
    while (!existsSync(SSH_AUTH_SOCK)) await sleep(20);
    execFileSync('ssh-add', ['-q', from], {env: {...process.env, SSH_AUTH_SOCK}});
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'secret', '-f', from]);
    t.deepEqual(await loginKeys({HOME, SSH_AUTH_SOCK}), [
      {from: 'agent', type: 'ssh-ed25519', comment: 'id_ed25519@here', fingerprint, encrypted: false},
    ]);
  } finally {
    agent.kill();
    await once(agent, 'exit');
  }
});

test('an agent that is missing, sends nonsense or does not answer has no keys', async (t) => {
  const {HOME} = await home();
  t.deepEqual(await loginKeys({HOME: '/nonexistent', SSH_AUTH_SOCK: '/nonexistent/agent'}), []);
  for (const answer of ['', '\0\0\0\x05\x0c\xff\xff\xff\xff', 'nonsense of some length']) {
    const SSH_AUTH_SOCK = path.join(HOME, `agent-${answer.length}`);
    const server = createServer((socket) => socket.write(Buffer.from(answer, 'latin1'))).listen(SSH_AUTH_SOCK);
    await once(server, 'listening');
    t.deepEqual(await loginKeys({HOME, SSH_AUTH_SOCK}), []);
    server.close();
  }
});
