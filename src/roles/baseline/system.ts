import {apt, directory, file, restart} from '../../tasks/index.js';
import {READABLE} from '../shared/readable.js';
import {commentOf} from '../shared/rules.js';
import type {HostRule} from './host-rule.js';

const HEAD = '# Managed by infra: changes made here are undone by the next apply.\n';

/** What is not installed. */
export const PACKAGE_RULES: readonly HostRule[] = [
  {
    name: 'packages.legacy',
    why: 'their protocols send passwords in clear, or they start programs for whoever connects',
    source: 'CIS 1.5.4, 2.1.10 and 2.1.19, dev-sec package-01 to -05, -09',
    tasks: () => [apt({packages: LEGACY, state: 'absent'})],
  },
];

/** What may be loaded, left behind and kept. */
export const SYSTEM_RULES: readonly HostRule[] = [
  {
    name: 'modules.filesystems',
    why: 'a server mounts none of these file systems, and their drivers read what a stranger wrote',
    source: 'CIS 1.1.1.1 to 1.1.1.5 and 1.1.1.8, dev-sec os-10; squashfs (snap) and vfat (EFI) are in use',
    tasks: (rule) => blocked('filesystems', commentOf(rule), 'cramfs freevxfs hfs hfsplus jffs2 udf'),
  },
  {
    name: 'modules.protocols',
    why: 'network protocols that a web site does not speak, loaded by any user who asks for a socket',
    source: 'CIS 3.2.1 to 3.2.4, lynis NETW-3200',
    tasks: (rule) => blocked('protocols', commentOf(rule), 'dccp rds sctp tipc'),
  },
  {
    name: 'coredumps',
    why: 'the memory of a crashed process holds keys and passwords; a service that shall leave one gets LimitCORE=',
    source: 'limits.conf(5), CIS 1.5.3, dev-sec sysctl-31a, lynis KRNL-5820',
    tasks: (rule) => [
      file({
        path: '/etc/security/limits.d/60-infra.conf',
        content: `${HEAD}${commentOf(rule)}* hard core 0\nroot hard core 0\n`,
        ...READABLE,
      }),
    ],
  },
  {
    name: 'journal',
    why: 'the log outlives a reboot, and never fills the disk',
    source: 'journald.conf(5), CIS 6.1.1.3, 6.1.2.3 and 6.1.2.4',
    tasks: (rule, {journalSize}) => [
      directory({path: '/etc/systemd/journald.conf.d', mode: '0755'}),
      file({
        path: '/etc/systemd/journald.conf.d/60-infra.conf',
        content: `${HEAD}${commentOf(rule)}[Journal]\nStorage=persistent\nCompress=yes\nSystemMaxUse=${journalSize}\n`,
        ...READABLE,
        notify: restart('systemd-journald'),
      }),
    ],
  },
];

const LEGACY = [
  ...['inetutils-inetd', 'openbsd-inetd', 'rlinetd', 'xinetd'],
  ...['inetutils-telnetd', 'telnetd', 'telnetd-ssl', 'rsh-server', 'rsh-redone-server', 'ypserv', 'prelink'],
];

/** Modules that cannot be loaded. `false` says so to whoever asks; `true` would claim that it had worked. */
function blocked(name: string, comment: string, modules: string) {
  const lines = modules.split(' ').map((each) => `install ${each} /bin/false\nblacklist ${each}\n`);
  return [
    directory({path: '/etc/modprobe.d', mode: '0755'}),
    file({path: `/etc/modprobe.d/infra-${name}.conf`, content: `${HEAD}${comment}${lines.join('')}`, ...READABLE}),
  ];
}
