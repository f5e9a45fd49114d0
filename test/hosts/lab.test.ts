import {readFile, stat} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {bareHosts} from '../support/hosts.js';
import {askHost, mustRun, onHost, labTest as test} from '../support/lab.js';

/*
 * What lab hosts cannot do to the machine that they run on, whose kernel is theirs too, and what they can all the same.
 */

const HOSTS = {
  'lab-trixie': {address: '198.18.0.241', groups: ['lab'], suite: 'trixie'},
  'lab-bookworm': {address: '198.18.0.242', groups: ['lab'], suite: 'bookworm'},
  'lab-sid': {address: '198.18.0.243', groups: ['lab'], suite: 'sid'},
} as const;

const NAMES = Object.keys(HOSTS);

/** Numbers as in capability.h. */
const FORBIDDEN = {
  CAP_DAC_READ_SEARCH: 2,
  CAP_SYS_MODULE: 16,
  CAP_SYS_RAWIO: 17,
  CAP_SYS_BOOT: 22,
  CAP_SYS_TIME: 25,
  CAP_SYS_TTY_CONFIG: 26,
  CAP_MKNOD: 27,
  CAP_AUDIT_CONTROL: 30,
  CAP_SYSLOG: 34,
};

const bitOf = (name: keyof typeof FORBIDDEN) => 1n << BigInt(FORBIDDEN[name]);

test.before(async () => {
  await bareHosts(HOSTS);
});

const onEach = (t: ExecutionContext, work: (name: string) => Promise<void>) =>
  t.notThrowsAsync(async () => void (await Promise.all(NAMES.map(work))));

test('no process of a host has a capability that acts on the machine', async (t) => {
  await onEach(t, async (name) => {
    const held = await capabilities(name);
    const wrong = Object.entries(FORBIDDEN).filter(([, number]) => (held >> BigInt(number)) & 1n);
    t.deepEqual(wrong, [], name);
  });
});

test("a host has a time zone of its own, and the machine's clock stays", async (t) => {
  const began = [Date.now(), performance.now()] as const;
  await onEach(t, async (name) => {
    // To the very time that it shows: nothing is lost where it is let.
    t.not((await onHost(name, 'date --set "@$(date +%s)"')).code, 0, name);
    if ((await capabilities(name)) & bitOf('CAP_SYS_TIME')) return;
    await askHost(name, 'timedatectl set-timezone Asia/Kathmandu');
    t.is((await askHost(name, 'date +%:z')).trim(), '+05:45', name);
  });
  t.true(Math.abs(Date.now() - began[0] - (performance.now() - began[1])) < 60_000);
});

test("what is the machine's is not a host's to write", async (t) => {
  await onEach(t, async (name) => {
    t.is(await askHost(name, WRITABLE), '', name);
    t.not((await onHost(name, 'mknod /root/disk b 254 0')).code, 0, name);
    t.not((await onHost(name, 'dmesg')).code, 0, name);
    t.is(await askHost(name, 'findmnt --noheadings --types debugfs,tracefs || true'), '', name);
    await askHost(name, 'sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.accept_ra=0');
  });
});

test('what the machine says of itself is a copy, whatever a host does to it', async (t) => {
  const before = await readFile('/etc/os-release', 'utf8');
  await onEach(t, async (name) => {
    const device = await askHost(name, 'stat --format %d /run/host/os-release');
    t.not(Number(device), (await stat('/etc/os-release')).dev, name);
  });
  t.is(await readFile('/etc/os-release', 'utf8'), before);
});

test('a host that reboots itself comes back with its disk, and one that is switched off stays off', async (t) => {
  await onEach(t, async (name) => {
    const born = await askHost(name, `touch /root/kept; ${BORN}`);
    await onHost(name, 'systemctl reboot');
    await until(async () => {
      const {code, stdout} = await onHost(name, BORN);
      return code === 0 && stdout !== born;
    });
    await askHost(name, 'test -e /root/kept');
    t.is(await askHost(name, 'systemctl --failed --plain --no-legend'), '', name);
    await onHost(name, 'systemctl poweroff');
    await until(async () => new RegExp(`^${name} .* off$`, 'm').test((await mustRun(['lab', 'status'])).stdout));
  });
  await mustRun(['lab', 'reboot', ...NAMES]);
  for (const name of NAMES) await askHost(name, 'test -e /root/kept');
});

/**
 * The files of the machine's kernel that root of a host can open for writing, besides the network's and its own control
 * group.
 */
const WRITABLE = `find /proc/sys /sys /run/host -type f -perm -200 ! -path '/proc/sys/net/*' ! -path '/sys/fs/cgroup/*' |
while read -r file; do
  case $file in /run/host/container-*) continue ;; esac
  (: >>"$file") 2>/dev/null && echo "$file"
done
exit 0`;

/** When process 1 of a host began. */
const BORN = "cut -d' ' -f22 /proc/1/stat";

/** All that any process of a host may ever do. */
async function capabilities(name: string): Promise<bigint> {
  const sets = (await askHost(name, 'cat /proc/[0-9]*/status')).matchAll(/^CapBnd:\t(\w+)$/gm);
  return [...sets].map(([, set]) => BigInt(`0x${set}`)).reduce((all, set) => all | set, 0n);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    if (await isSo()) return;
    await sleep(500);
  }
  throw new Error('it did not come to that within 30 seconds');
}
