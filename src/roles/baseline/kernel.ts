import {type SysctlSetting, sysctlFile} from '../../tasks/index.js';
import {commentOf, type Rule} from '../shared/rules.js';

/** A rule about the kernel: settings by name, with `*` for every network interface. */
export interface KernelRule extends Rule {
  readonly settings: Readonly<Record<string, string | number>>;
}

/** CIS: numbers of the CIS Debian Linux 12 Benchmark. dev-sec: controls of dev-sec/linux-baseline. */
export const KERNEL_RULES: readonly KernelRule[] = [
  {
    name: 'sysctl.rp_filter',
    why: 'drop packets from addresses that no route leads to; 1 would also drop packets that return by another route, as with virtual addresses',
    source: 'RFC 3704, CIS 3.3.7, dev-sec sysctl-02',
    settings: {'net.ipv4.conf.*.rp_filter': 2},
  },
  {
    name: 'sysctl.accept_redirects',
    why: 'other hosts on the network cannot change the routes of a server',
    source: 'CIS 3.3.5 and 3.3.6, dev-sec sysctl-14, -15, -20',
    settings: {
      'net.ipv4.conf.*.accept_redirects': 0,
      'net.ipv4.conf.*.secure_redirects': 0,
      'net.ipv6.conf.*.accept_redirects': 0,
    },
  },
  {
    name: 'sysctl.send_redirects',
    why: 'only routers send redirects',
    source: 'CIS 3.3.2, dev-sec sysctl-16',
    settings: {'net.ipv4.conf.*.send_redirects': 0},
  },
  {
    name: 'sysctl.source_route',
    why: 'a packet cannot choose its own route past a firewall',
    source: 'CIS 3.3.8, dev-sec sysctl-13',
    settings: {'net.ipv4.conf.*.accept_source_route': 0, 'net.ipv6.conf.*.accept_source_route': 0},
  },
  {
    name: 'sysctl.log_martians',
    why: 'packets from impossible addresses are logged in the journal',
    source: 'CIS 3.3.9, dev-sec sysctl-17',
    settings: {'net.ipv4.conf.*.log_martians': 1},
  },
  {
    name: 'sysctl.icmp',
    why: 'pings of a whole network are not answered, and malformed answers are not logged',
    source: 'CIS 3.3.3 and 3.3.4, dev-sec sysctl-03, -04',
    settings: {'net.ipv4.icmp_echo_ignore_broadcasts': 1, 'net.ipv4.icmp_ignore_bogus_error_responses': 1},
  },
  {
    name: 'sysctl.tcp',
    why: 'a flood of half-open connections does not block other clients; a forged reset does not end a connection in TIME-WAIT',
    source: 'RFC 4987, RFC 1337, CIS 3.3.10, dev-sec sysctl-10, -11',
    settings: {'net.ipv4.tcp_syncookies': 1, 'net.ipv4.tcp_rfc1337': 1},
  },
  {
    name: 'sysctl.arp',
    why: 'an interface answers for and announces only its own addresses',
    source: 'dev-sec sysctl-08, -09',
    settings: {'net.ipv4.conf.all.arp_ignore': 1, 'net.ipv4.conf.all.arp_announce': 2},
  },
  {
    name: 'sysctl.kernel_addresses',
    why: 'kernel addresses, also those in its log, help to exploit a flaw in the kernel',
    source: 'kernel.org: admin-guide/sysctl/kernel, lynis KRNL-6000',
    settings: {'kernel.kptr_restrict': 2, 'kernel.dmesg_restrict': 1, 'kernel.randomize_va_space': 2},
  },
  {
    name: 'sysctl.ptrace',
    why: 'a compromised process cannot read the memory of other processes',
    source: 'kernel.org: admin-guide/LSM/Yama, CIS 1.5.2, dev-sec sysctl-35',
    settings: {'kernel.yama.ptrace_scope': 2},
  },
  {
    name: 'sysctl.bpf',
    why: 'programs that users load into the kernel have led to root more than once',
    source: 'kernel.org: admin-guide/sysctl/kernel and net, lynis KRNL-6000',
    settings: {'kernel.unprivileged_bpf_disabled': 1, 'net.core.bpf_jit_harden': 2},
  },
  {
    name: 'sysctl.ldisc',
    why: 'users cannot load old terminal drivers',
    source: 'kernel.org: drivers/tty/Kconfig LDISC_AUTOLOAD, lynis KRNL-6000',
    settings: {'dev.tty.ldisc_autoload': 0},
  },
  {
    name: 'sysctl.links',
    why: 'a privileged program cannot be tricked by links, pipes or files in a directory that everyone may write to',
    source: 'kernel.org: admin-guide/sysctl/fs, dev-sec sysctl-34',
    settings: {
      'fs.protected_hardlinks': 1,
      'fs.protected_symlinks': 1,
      'fs.protected_regular': 2,
      'fs.protected_fifos': 1,
    },
  },
  {
    name: 'sysctl.suid_dumpable',
    why: 'a privileged program that crashes leaves no memory dump',
    source: 'CIS 1.5.3, dev-sec sysctl-31a',
    settings: {'fs.suid_dumpable': 0},
  },
];

/** One file for all of them. Its name sorts after the files of packages and before an operator's 99- files. */
export function kernelTask(rules: readonly KernelRule[]) {
  return sysctlFile({path: '/etc/sysctl.d/60-infra.conf', settings: rules.flatMap(settingsOf), label: 'sysctl'});
}

function settingsOf(rule: KernelRule): SysctlSetting[] {
  return Object.entries(rule.settings).map(([name, value], index) => ({
    name,
    value,
    ...(index === 0 && {because: commentOf(rule)}),
  }));
}
