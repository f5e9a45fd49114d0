import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {loadHostKeyPolicy} from '../../../src/transport/ssh2/host-key-policy.js';
import {hostNamed} from '../../renderers/host-named.js';

/** A public key in wire form: the length of its type, the type, and bytes that make it one of its own. */
function key(type: string, own = 'x'): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(`${type}${own}`)]);
}

const line = (names: string, type: string, own = 'x') => `${names} ${type} ${key(type, own).toString('base64')}\n`;

function policyOf(t: ExecutionContext, texts: readonly string[], port = 22) {
  const directory = mkdtempSync(path.join(tmpdir(), 'infra-known-hosts-'));
  t.teardown(() => rmSync(directory, {recursive: true}));
  const files = texts.map((text, index) => {
    const file = path.join(directory, String(index));
    writeFileSync(file, text);
    return file;
  });
  return loadHostKeyPolicy({...hostNamed('web1'), port, knownHostsFiles: [...files, path.join(directory, 'none')]});
}

test('the types of known keys are asked for first, and those of RSA with SHA-2 alone', async (t) => {
  const {algorithms} = await policyOf(t, [line('192.0.2.1', 'ssh-rsa')]);
  t.deepEqual(algorithms.slice(0, 2), ['rsa-sha2-512', 'rsa-sha2-256']);
  t.is(algorithms[2], 'ssh-ed25519');
  t.false(algorithms.some((each) => String(each) === 'ssh-rsa'));
  const several = await policyOf(t, [line('192.0.2.1', 'ecdsa-sha2-nistp384'), line('192.0.2.1', 'ssh-ed25519')]);
  t.deepEqual(several.algorithms.slice(0, 2), ['ssh-ed25519', 'ecdsa-sha2-nistp384']);
});

test('without any known key the order is the usual one, also where no file can be read', async (t) => {
  const {algorithms} = await policyOf(t, []);
  t.deepEqual(algorithms.slice(0, 2), ['ssh-ed25519', 'ecdsa-sha2-nistp256']);
  const others = await policyOf(t, [line('192.0.2.9', 'ssh-rsa')]);
  t.deepEqual(others.algorithms, algorithms);
});

test('a known key is taken from any of the files; an unknown, a changed and a revoked one is refused', async (t) => {
  const known = await policyOf(t, ['', line('192.0.2.1', 'ssh-ed25519')]);
  t.is(known.refuse(key('ssh-ed25519')), undefined);
  t.is(known.refuse(key('ssh-ed25519', 'other'))?.reason, 'host-key-changed');
  t.is((await policyOf(t, [''])).refuse(key('ssh-ed25519'))?.reason, 'host-key-unknown');
  const revoked = await policyOf(t, [`${line('192.0.2.1', 'ssh-ed25519')}@revoked ${line('*', 'ssh-ed25519')}`]);
  t.not(revoked.refuse(key('ssh-ed25519')), undefined);
});

test('a key of another port is not that of this one', async (t) => {
  const known = line('192.0.2.1', 'ssh-ed25519');
  t.is((await policyOf(t, [known], 2222)).refuse(key('ssh-ed25519'))?.reason, 'host-key-unknown');
  const bracketed = line('[192.0.2.1]:2222', 'ssh-ed25519');
  t.is((await policyOf(t, [bracketed], 2222)).refuse(key('ssh-ed25519')), undefined);
});
