import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {askHost, bareHosts, labTest as test} from '../support/lab.js';
import {KEYS, openTerminal} from '../support/terminal.js';

/*
 * A project made for bare hosts by `infra init`, once by flags and once by keys, in a folder of its own and with a home
 * that knows no host.
 */
const HOSTS = {
  'wz-one': {address: '198.18.0.106', groups: ['any']},
  'wz-two': {address: '198.18.0.107', groups: ['any']},
  'wz-three': {address: '198.18.0.108', groups: ['any']},
};
const ADDRESSES = Object.values(HOSTS).map(({address}) => address);
const KEY = resolve('.infra/lab/id_ed25519');
const INFRA = resolve('bin/infra');
const LOGIN = ['--user', 'deploy', '--identity-file', KEY];

const home = mkdtempSync(join(tmpdir(), 'infra-init-home-'));
const folder = mkdtempSync(join(tmpdir(), 'infra-init-hosts-'));
const other = mkdtempSync(join(tmpdir(), 'infra-init-keys-'));
const env = {PATH: process.env.PATH, HOME: home, TERM: 'xterm', LANG: 'C.UTF-8', NO_COLOR: '1'};

const infra = (...args: readonly string[]) =>
  spawnSync(process.execPath, [INFRA, ...args], {cwd: folder, env, encoding: 'utf8', input: ''});

const fingerprints: string[] = [];

test.before(async () => {
  await bareHosts(HOSTS);
  for (const host of Object.keys(HOSTS)) {
    const [, print = ''] = (await askHost(host, 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')).split(' ');
    fingerprints.push(print);
  }
});

test.after.always(() => {
  for (const each of [home, folder, other]) rmSync(each, {recursive: true, force: true});
});

test('a host key that nobody confirmed is refused and shown, and nothing is written', (t) => {
  const {status, stderr} = infra('init', ...ADDRESSES, ...LOGIN, '--yes');
  t.is(status, 1);
  for (const print of fingerprints) t.true(stderr.includes(`--host-key ${print}`), stderr);
  t.deepEqual(readdirSync(folder), []);
});

test('at a terminal servers are looked at while questions are answered, after their keys are confirmed', async (t) => {
  const command = `${process.execPath} ${INFRA} init ${ADDRESSES.join(' ')} ${LOGIN.join(' ')} --domain a.example.org`;
  const {sees, press, ended, shown} = openTerminal(command, other, env);
  await sees(/Are they all the same\? \(y\/N\)/);
  for (const print of fingerprints) t.true(shown().includes(print), shown());
  press('y', KEYS.enter);
  await sees(/Shall it be so\?/);
  press(KEYS.enter);
  for (const question of [/certificate that visitors see/, /Database/, /web servers show/, /connect to SSH/]) {
    await sees(new RegExp(`${question.source}[\\s\\S]*Enter select`));
    press(KEYS.enter);
  }
  await sees(/What now\?[\s\S]*Enter select/);
  t.regex(shown(), /lb1 ✓ Debian 13/);
  press(KEYS.enter);
  await sees(/Make the plan now\?/);
  press(KEYS.enter);
  await sees(/Plan: 3 hosts/);
  t.is(await ended, 0, shown());
  t.is(
    readFileSync(join(other, 'inventory/known_hosts'), 'utf8').match(/^198\.18\.0\.10[678] ssh-ed25519 /gm)?.length,
    3,
  );
});

test('what flags alone make is planned, applied and then as it should be; a second run changes nothing', (t) => {
  const keys = fingerprints.flatMap((print) => ['--host-key', print]);
  const made = infra('init', ...ADDRESSES, ...LOGIN, ...keys, '--yes');
  t.is(made.status, 0, made.stderr);
  const planned = infra('plan', '--detailed-exitcode');
  t.is(planned.status, 2, planned.stdout + planned.stderr);
  const applied = infra('apply', '--yes');
  t.is(applied.status, 0, applied.stdout + applied.stderr);
  const empty = infra('plan', '--detailed-exitcode');
  t.is(empty.status, 0, empty.stdout + empty.stderr);
  const again = infra('init', '--yes');
  t.deepEqual([again.status, again.stdout], [0, 'Nothing changes: every file is as it would be written now.\n']);
});
