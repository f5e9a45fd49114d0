import {once} from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import type {Host} from '../../src/model/index.js';
import {headStart} from '../../src/session/head-start.js';
import {ssh2Transport} from '../../src/transport/ssh2/index.js';
import {keyPair} from '../support/key-pair.js';

const directory = mkdtempSync(path.join(tmpdir(), 'head-start-'));
const cache = path.join(directory, 'cache', 'infra', 'hosts');
const key = path.join(directory, 'key');
const here = {root: process.cwd(), env: {XDG_CACHE_HOME: path.join(directory, 'cache')}};
test.before(() => writeFileSync(key, keyPair().private, {mode: 0o600}));
test.after.always(() => rmSync(directory, {recursive: true}));

test.serial('connections begin at once with the same files, and not with any that changed', async (t) => {
  const options = project('same');
  const server = await listen();
  headStart(here, options).remember([hostAt(server.port)]);
  await sleep(50);
  t.is(server.connections(), 0);

  await t.throwsAsync(headStart(here, options).reach(hostAt(server.port), ssh2Transport({})));
  t.is(server.connections(), 1);

  const [part, variables] = ['part.ts', 'group_vars/all.yml'].map((file) => path.join(directory, 'same', file));
  for (const file of [options.inventory, options.playbook, part ?? '', variables ?? '']) {
    const sound = headStart(here, options);
    sound.remember([hostAt(server.port)]);
    await sound.close();
    appendFileSync(file, '\n');
    const before = server.connections();
    headStart(here, options);
    await sleep(50);
    t.is(server.connections(), before, file);
  }
  server.close();
});

test.serial('a host with a changed address gets a new connection', async (t) => {
  const options = project('moved');
  const [old, moved] = [await listen(), await listen()];
  headStart(here, options).remember([hostAt(old.port)]);
  const early = headStart(here, options);
  await t.throwsAsync(early.reach(hostAt(moved.port), ssh2Transport({})));
  await early.close();
  t.is(moved.connections(), 1);
  old.close();
  moved.close();
});

test.serial('the memory holds no variables and only its owner can read it', (t) => {
  rmSync(cache, {recursive: true, force: true});
  headStart(here, project('private')).remember([{...hostAt(1), vars: {password: 'in clear'}}]);
  const files = readdirSync(cache).map((name) => path.join(cache, name));
  t.deepEqual(
    files.map((file) => statSync(file).mode & 0o777),
    [0o600],
  );
  t.is(statSync(cache).mode & 0o777, 0o700);
  t.false(files.some((file) => readFileSync(file, 'utf8').includes('in clear')));
});

test.serial('files that cannot be read are left to the code that loads them', async (t) => {
  const early = headStart(here, {inventory: path.join(directory, 'none.yml'), playbook: 'none.ts'});
  early.remember([]);
  await t.notThrowsAsync(early.close());
});

function project(name: string) {
  const root = path.join(directory, name);
  mkdirSync(path.join(root, 'group_vars'), {recursive: true});
  const [inventory, playbook] = [path.join(root, 'hosts.yml'), path.join(root, 'site.ts')];
  writeFileSync(inventory, 'all:\n');
  writeFileSync(playbook, "import './part.js';\n");
  writeFileSync(path.join(root, 'part.ts'), '');
  return {inventory, playbook};
}

/** It answers in a version of the protocol that nobody speaks, so each attempt fails after one connection. */
async function listen() {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.on('error', () => {});
    socket.end('SSH-1.0-none\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address instanceof Object ? address.port : 0;
  return {port, connections: () => count, close: () => server.close()};
}

function hostAt(port: number): Host {
  const files = {identityFiles: [key], knownHostsFiles: []};
  return {name: 'h', address: '127.0.0.1', port, user: 'deploy', become: true, groups: [], vars: {}, ...files};
}
