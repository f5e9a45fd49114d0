import {execFileSync} from 'node:child_process';
import {mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Host, HostError} from '../../src/model/index.js';
import {concernsOf, standingOf, survey as surveyOver, trustHostKeys} from '../../src/survey/index.js';
import {scanHostKeys, ssh2Transport} from '../../src/transport/ssh2/index.js';
import {bareHosts} from '../support/hosts.js';
import {askHost, type TestHost, labTest as test} from '../support/lab.js';
import {surveyed} from '../survey/concerns/surveyed.js';

/*
 * What is found out about real servers before a project is made for them: one with Apache on a new release, one with
 * Nginx on an old one.
 */

const ADDRESSES = {sva: '198.18.0.100', svb: '198.18.0.101'};

const HOSTS: Readonly<Record<keyof typeof ADDRESSES, TestHost>> = {
  sva: {address: ADDRESSES.sva, groups: ['web']},
  svb: {address: ADDRESSES.svb, groups: ['web'], suite: 'bookworm'},
};

/** Of a user who may become root with a password only, and logs in with the lab's key. */
const ASKED = `useradd --create-home --groups sudo asked && echo asked:secret | chpasswd
mkdir -m 700 ~asked/.ssh && cp ~deploy/.ssh/authorized_keys ~asked/.ssh/ && chown -R asked: ~asked/.ssh`;

const survey = (host: Host, env = process.env) => surveyOver(host, {transport: ssh2Transport(env)});

let directory = '';
let knownHosts = '';

test.before(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'infra-survey-'));
  knownHosts = path.join(directory, 'known_hosts');
  await bareHosts(HOSTS);
  const install = (name: string) => `apt-get update -qq && apt-get install -qqy ${name} >/dev/null 2>&1`;
  await Promise.all([askHost('sva', `${install('apache2')} && ${ASKED}`), askHost('svb', install('nginx'))]);
});

test('the host keys that are scanned are those that the server has', async (t) => {
  for (const name of ['sva', 'svb'] as const) {
    const own = await askHost(name, 'for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$key"; done');
    const fingerprints = own.match(/SHA256:\S+/g) ?? [];
    const keys = await scanHostKeys(ADDRESSES[name], 22);
    t.is(keys[0]?.type, 'ssh-ed25519');
    t.deepEqual(keys.map(({fingerprint}) => fingerprint).sort(), [...fingerprints].sort());
  }
});

test('a host key that the user has not confirmed is refused; once trusted, it is accepted', async (t) => {
  const host = hostOf('sva');
  t.is((await failureOf(t, survey(host))).reason, 'host-key-unknown');
  for (const name of ['sva', 'svb'] as const) {
    const keys = await scanHostKeys(ADDRESSES[name], 22);
    t.is(await standingOf(keys, ADDRESSES[name], 22, [knownHosts]), 'unknown');
    await trustHostKeys(knownHosts, ADDRESSES[name], 22, keys.slice(0, 1));
    t.is(await standingOf(keys, ADDRESSES[name], 22, [knownHosts]), 'known');
  }
  t.is((await survey(host)).facts.hostname, 'sva');
});

test('a key that the server does not take, and sudo that asks, are told apart', async (t) => {
  const key = path.join(directory, 'other');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const refused = await failureOf(t, survey(hostOf('sva', {identityFiles: [key]}), {}));
  t.is(refused.reason, 'authentication-failed');
  t.regex(refused.hint ?? '', /ssh-copy-id/);
  const asked = await failureOf(t, survey(hostOf('sva', {user: 'asked'})));
  t.like(asked, {reason: 'become-failed', message: 'sudo wants a password for asked'});
  t.regex(asked.hint ?? '', /sudoers/);
});

test('a survey reads system, free space, clock and listening ports, and changes nothing', async (t) => {
  const inode = "stat -c '%i %Y' /etc /var /root /home/deploy /tmp";
  const before = await askHost('sva', inode);
  const [sva, svb] = await Promise.all([survey(hostOf('sva')), survey(hostOf('svb'))]);
  t.is(await askHost('sva', inode), before);
  t.like(sva.facts, {os: 'debian', codename: 'trixie', version: '13'});
  t.like(svb.facts, {os: 'debian', codename: 'bookworm', version: '12'});
  t.true(sva.facts.addresses.includes(ADDRESSES.sva));
  t.true(sva.freeBytes > 0);
  // The lab's hosts have the clock of this machine.
  t.true(Math.abs(sva.clockSkew) < 5, `${sva.clockSkew} s`);
  t.deepEqual(sva.listening, [
    {port: 22, program: 'sshd', unit: 'ssh.service'},
    {port: 80, program: 'apache2', unit: 'apache2.service'},
  ]);
  t.deepEqual(svb.listening.at(-1), {port: 80, program: 'nginx', unit: 'nginx.service'});
});

test('Apache on a web server is a concern with the command that fixes it; Nginx is not a concern', async (t) => {
  const {choices} = surveyed([
    {server: {name: 'sva', address: ADDRESSES.sva, roles: ['web']}},
    {server: {name: 'svb', address: ADDRESSES.svb, roles: ['web']}},
  ]);
  const concerns = async () => {
    const [sva, svb] = await Promise.all([survey(hostOf('sva')), survey(hostOf('svb'))]);
    return concernsOf(
      choices,
      new Map([
        ['sva', sva],
        ['svb', svb],
      ]),
    );
  };
  const [concern, ...others] = await concerns();
  t.deepEqual(others, []);
  t.is(concern?.message, 'port 80 of sva is used by apache2');
  const [, command = 'false'] = /^On sva: (.*)\nOr/.exec(concern?.hint ?? '') ?? [];
  await askHost('sva', command);
  t.deepEqual(await concerns(), []);
});

function hostOf(name: keyof typeof ADDRESSES, more: Partial<Host> = {}): Host {
  return {
    name,
    address: ADDRESSES[name],
    port: 22,
    user: 'deploy',
    become: true,
    identityFiles: [path.resolve('.infra/lab/id_ed25519')],
    knownHostsFiles: [knownHosts],
    groups: ['all'],
    vars: {},
    ...more,
  };
}

async function failureOf(t: ExecutionContext, attempt: Promise<unknown>) {
  const error = await t.throwsAsync(attempt, {instanceOf: HostError});
  if (!error) throw new Error('it did not fail');
  return error.failure;
}
