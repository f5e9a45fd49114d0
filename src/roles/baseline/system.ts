import {join, sh} from '../../shell/index.js';
import {directory, file, onlyWhere, packages, restart, service} from '../../tasks/index.js';
import {MANAGED, READABLE} from '../shared/managed.js';
import {commentOf} from '../shared/rules.js';
import type {HostRule} from './host-rule.js';

/** Packages that must not be installed. */
export const PACKAGE_RULES: readonly HostRule[] = [
  {
    name: 'packages.legacy',
    why: 'their protocols send passwords in clear text, or they start programs for any client that connects',
    source: 'CIS 1.5.4, 2.1.10 and 2.1.19, dev-sec package-01 to -05, -09',
    tasks: (_, context) => [packages(context.distribution.packages.legacy, {state: 'absent'})(context)],
  },
];

/** Kernel modules, core dumps, the journal, and the clock, which certificates, logs and replication depend on. */
export const SYSTEM_RULES: readonly HostRule[] = [
  {
    name: 'modules.filesystems',
    why: 'a server mounts none of these file systems, and their drivers read untrusted data',
    source: 'CIS 1.1.1.1 to 1.1.1.5 and 1.1.1.8, dev-sec os-10; squashfs (snap) and vfat (EFI) are in use',
    tasks: (rule) => blocked('filesystems', commentOf(rule), 'cramfs freevxfs hfs hfsplus jffs2 udf'),
  },
  {
    name: 'modules.protocols',
    why: 'network protocols that a web site does not use, loaded for any user who opens a socket',
    source: 'CIS 3.2.1 to 3.2.4, lynis NETW-3200',
    tasks: (rule) => blocked('protocols', commentOf(rule), 'dccp rds sctp tipc'),
  },
  {
    name: 'coredumps',
    why: 'the memory of a crashed process holds keys and passwords; set LimitCORE= for a service that needs core dumps',
    source: 'limits.conf(5), CIS 1.5.3, dev-sec sysctl-31a, lynis KRNL-5820',
    tasks: (rule) => [
      file({
        path: '/etc/security/limits.d/60-infra.conf',
        content: `${MANAGED}${commentOf(rule)}* hard core 0\nroot hard core 0\n`,
        ...READABLE,
      }),
    ],
  },
  {
    name: 'journal',
    why: 'the log survives a reboot and never fills the disk',
    source: 'journald.conf(5), CIS 6.1.1.3, 6.1.2.3 and 6.1.2.4',
    tasks: (rule, {journalSize}) => [
      directory({path: '/etc/systemd/journald.conf.d', mode: '0755'}),
      file({
        path: '/etc/systemd/journald.conf.d/60-infra.conf',
        content: `${MANAGED}${commentOf(rule)}[Journal]\nStorage=persistent\nCompress=yes\nSystemMaxUse=${journalSize}\n`,
        ...READABLE,
        notify: restart('systemd-journald'),
      }),
    ],
  },
  {
    name: 'time',
    why: 'certificates and logs are useless with a wrong clock; chrony, ntpsec or openntpd stays where it is installed',
    source: 'CIS 2.3.1.1, 2.3.2.2 and 2.3.3.3, lynis TIME-3104',
    tasks: (_, context) => {
      const {packages: names, services} = context.distribution;
      const isAlone = sh`! { ${join([services.chrony, ...services.otherClocks].map(hasUnit), ' || ')}; }`;
      return [
        onlyWhere(isAlone, packages(names.clock)(context)),
        onlyWhere(isAlone, unlessContainer(services.clock)),
        onlyWhere(hasUnit(services.chrony), unlessContainer(services.chrony)),
      ];
    },
  },
];

/** Modules that cannot be loaded. `false` makes modprobe fail; `true` would report success. */
function blocked(name: string, comment: string, modules: string) {
  const lines = modules.split(' ').map((each) => `install ${each} /bin/false\nblacklist ${each}\n`);
  return [
    directory({path: '/etc/modprobe.d', mode: '0755'}),
    file({path: `/etc/modprobe.d/infra-${name}.conf`, content: `${MANAGED}${comment}${lines.join('')}`, ...READABLE}),
  ];
}

/** A container has the clock of its machine: there the service is enabled and not started. */
function unlessContainer(name: string) {
  return onlyWhere(sh`systemd-detect-virt --container`, service({name, running: 'any'}), service({name}));
}

const hasUnit = (name: string) => sh`[ -e ${`/usr/lib/systemd/system/${name}.service`} ]`;
