import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {bareHosts} from '../support/hosts.js';
import {askHost, infra, mustRun, labTest as test} from '../support/lab.js';
import {emptyProject} from '../support/project.js';

/*
 * States of lab hosts: what is saved, put back, and left by those that are killed.
 */

const HOSTS = {
  'state-12': {address: '198.18.0.235', groups: ['lab'], suite: 'bookworm'},
  'state-13': {address: '198.18.0.236', groups: ['lab'], suite: 'trixie'},
} as const;

const NAMES = Object.keys(HOSTS);

test.before(async () => {
  await bareHosts(HOSTS);
  await infra(['lab', 'forget', 'one', 'two', 'cut']);
});

const onAll = (text: string) => Promise.all(NAMES.map((name) => askHost(name, text)));

const status = async () => (await mustRun(['lab', 'status'])).stdout;

/** What makes a host the one that it is, and what a boot must not lose. */
const SELF = 'cat /etc/machine-id /etc/hostname /etc/ssh/ssh_host_*_key.pub; ls -A /var/lib/infra; ls /srv';

test('hosts come back to a saved state, the same hosts as before, as after a reboot', async (t) => {
  await onAll('mkdir /var/lib/infra; touch /var/lib/infra/note /srv/kept; ln /srv/kept /srv/linked; rm /etc/motd');
  const before = await onAll(SELF);
  await mustRun(['lab', 'save', 'one', ...NAMES]);
  t.regex(await status(), /^Saved state one: state-12, state-13$/m);
  t.deepEqual(await onAll(SELF), before);
  const boots = await onAll('cat /proc/sys/kernel/random/boot_id');
  await onAll('touch /srv/later /etc/motd; rm -r /srv/kept /var/lib/infra; mkdir /srv/kept; rm /etc/machine-id');
  await mustRun(['lab', 'reset', '--to', 'one']);
  t.deepEqual(await onAll(SELF), before);
  t.notDeepEqual(await onAll('cat /proc/sys/kernel/random/boot_id'), boots);
  t.deepEqual(await onAll('systemctl --failed --plain --no-legend | grep -v modules-load; test ! -e /etc/motd'), [
    '',
    '',
  ]);
});

test('states are saved on top of each other, and a bare host can go to each', async (t) => {
  await onAll('rm -r /srv/kept; mkdir /srv/kept; touch /srv/kept/second');
  await mustRun(['lab', 'save', 'two', ...NAMES]);
  await mustRun(['lab', 'reset', ...NAMES]);
  t.deepEqual(await onAll('ls -A /srv'), ['', '']);
  await mustRun(['lab', 'reset', '--to', 'two', 'state-12']);
  await mustRun(['lab', 'reset', '--to', 'one', 'state-13']);
  t.is(await askHost('state-12', 'ls /srv /srv/kept'), '/srv:\nkept\nlinked\n\n/srv/kept:\nsecond\n');
  t.is(await askHost('state-13', 'ls /srv /srv/kept'), '/srv/kept\n\n/srv:\nkept\nlinked\n');
});

test('what a state is not for, and what does not exist, is refused, and nothing is done', async (t) => {
  const boots = await onAll('cat /proc/sys/kernel/random/boot_id');
  await refused(t, ['reset', '--to', 'one', 'probe'], /The state one does not include probe/);
  await refused(t, ['reset', '--to', 'three'], /no saved state three/);
  await refused(t, ['save', 'one'], /The state one exists/);
  await refused(t, ['save', '../one', 'state-12'], /cannot be the name of a saved state/);
  await refused(t, ['forget', 'three'], /no saved state three/);
  t.deepEqual(await onAll('cat /proc/sys/kernel/random/boot_id'), boots);
});

test('a save that is killed leaves no state, and the hosts their disks', async (t) => {
  await onAll('touch /srv/mine');
  await killed(['lab', 'save', 'cut', ...NAMES], /Shutting down/);
  t.notRegex(await status(), /Saved state cut/);
  await mustRun(['lab', 'reboot', ...NAMES]);
  await onAll('test -e /srv/mine');
});

test('a reset that is killed leaves hosts that can be put back', async (t) => {
  await killed(['lab', 'reset', '--to', 'two'], /Booting/);
  await mustRun(['lab', 'reset', '--to', 'two']);
  t.deepEqual(await onAll('ls /srv/kept'), ['second\n', 'second\n']);
});

test('a state that is forgotten is gone, and those that lie on its layers are not', async (t) => {
  await mustRun(['lab', 'forget', 'one']);
  t.notRegex(await status(), /Saved state one/);
  await mustRun(['lab', 'reset', '--to', 'two']);
  t.deepEqual(await onAll('ls /srv'), ['kept\nlinked\n', 'kept\nlinked\n']);
  await mustRun(['lab', 'down', 'state-12']);
  t.regex(await status(), /^Saved state two: state-13$/m);
  await mustRun(['lab', 'forget', 'two']);
});

async function refused(t: ExecutionContext, args: readonly string[], message: RegExp): Promise<void> {
  const {code, stderr} = await infra(['lab', ...args]);
  t.is(code, 1);
  t.regex(stderr, message);
  t.regex(stderr, /help: /);
}

/** Kills infra (SIGKILL) a moment after it has printed this. */
async function killed(args: readonly string[], text: RegExp): Promise<void> {
  const running = (await emptyProject()).start(args);
  await running.printed(text);
  await sleep(300);
  running.child.kill('SIGKILL');
  await running.outcome;
}
