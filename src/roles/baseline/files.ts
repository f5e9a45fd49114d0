import {check, defineTask, optionsOf} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {file, line, permissions} from '../../tasks/index.js';
import type {HostRule} from './host-rule.js';

const ROOT = {owner: 'root', group: 'root'} as const;

/**
 * Who may read and change the files that the system's security depends on. Modes are the widest allowed: a stricter one
 * stays.
 */
export const FILE_RULES: readonly HostRule[] = [
  {
    name: 'files.accounts',
    why: 'only root creates accounts and groups',
    source: 'CIS 7.1.1 to 7.1.4, dev-sec os-03',
    tasks: () =>
      ['/etc/passwd', '/etc/passwd-', '/etc/group', '/etc/group-'].map((path) =>
        permissions({path, most: '0644', ...ROOT}),
      ),
  },
  {
    name: 'files.passwords',
    why: 'who can read password hashes can guess the passwords',
    source: 'CIS 7.1.5 to 7.1.8 and 7.1.10, dev-sec os-02',
    tasks: (_, {distribution: {shadowGroup}}) => [
      ...['/etc/shadow', '/etc/shadow-', '/etc/gshadow', '/etc/gshadow-'].map((path) =>
        permissions({path, most: '0640', owner: 'root', group: shadowGroup}),
      ),
      permissions({path: '/etc/security/opasswd', most: '0600', ...ROOT}),
    ],
  },
  {
    name: 'files.cron',
    why: 'only root may read and change what cron runs as root',
    source: 'CIS 2.4.1.2 to 2.4.1.7, dev-sec os-13',
    tasks: () => [
      permissions({path: '/etc/crontab', most: '0600', ...ROOT}),
      ...['d', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'].map((each) =>
        permissions({path: `/etc/cron.${each}`, most: '0700', ...ROOT}),
      ),
    ],
  },
  {
    name: 'files.sudo',
    why: 'only root decides who may become root',
    source: 'sudoers(5), lynis AUTH-9252',
    tasks: () => [
      permissions({path: '/etc/sudoers', most: '0440', ...ROOT}),
      permissions({path: '/etc/sudoers.d', most: '0750', ...ROOT}),
    ],
  },
  {
    name: 'files.boot',
    why: 'the boot configuration may hold a password; kernel updates keep the mode',
    source: 'CIS 1.4.2',
    tasks: (_, {distribution}) => [permissions({path: distribution.paths.bootLoader, most: '0600', ...ROOT})],
  },
  {
    name: 'files.trust',
    why: 'a login is never accepted only because of the machine that it comes from',
    source: 'dev-sec os-01',
    tasks: () => [
      file({path: '/etc/hosts.equiv', state: 'absent'}),
      file({path: '/etc/shosts.equiv', state: 'absent'}),
    ],
  },
  {
    name: 'files.keysign',
    why: 'a set-user-ID program that only host-based logins need, which sshd refuses; upgrades keep the mode',
    source: 'dpkg-statoverride(1), dev-sec os-06',
    tasks: (_, {distribution}) => [statOverride({path: distribution.paths.sshKeysign, mode: '0755'})],
  },
  {
    name: 'files.homes',
    why: 'new home directories are private; existing ones stay as they are, because sites may be served from them',
    source: 'useradd(8), lynis HOME-9304',
    tasks: () => [line({path: '/etc/login.defs', line: 'HOME_MODE\t0700', match: /^#?\s*HOME_MODE\s/})],
  },
];

interface StatOverrideSpec {
  /** A file of a package. */
  readonly path: string;
  /** Four octal digits; owner and group are root. */
  readonly mode: string;
}

/**
 * The mode of a package's file, kept across upgrades (dpkg-statoverride). One that is missing gets it when its package is
 * installed.
 */
const statOverride = defineTask<StatOverrideSpec, {mode?: string; kept: boolean}>({
  type: 'statOverride',
  options: optionsOf<StatOverrideSpec>({path: check.text, mode: check.text}),
  id: ({path}) => path,
  probe: ({path}) => sh`stat -c %04a -- ${path} 2>/dev/null || echo missing
dpkg-statoverride --list ${path} || :`,
  parse: ({stdout}, {path, mode}) => {
    const [now = '', override] = stdout.split('\n');
    const kept = override === `root root ${mode.replace(/^0/, '')} ${path}`;
    return now === 'missing' ? {kept} : {mode: now, kept};
  },
  desire: ({mode}, present) => (present?.mode === undefined ? {kept: true} : {mode, kept: true}),
  change: ({path, mode}) => [
    sh`{ ! dpkg-statoverride --list ${path} >/dev/null || dpkg-statoverride --remove ${path}; }`,
    sh`dpkg-statoverride --update --add root root ${mode} ${path}`,
  ],
  affects: ({path}) => [path],
});
