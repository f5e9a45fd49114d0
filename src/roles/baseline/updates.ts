import {createHash} from 'node:crypto';
import type {Host, Inventory} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {apt, directory, file, restart, service} from '../../tasks/index.js';
import {MANAGED, READABLE} from '../shared/managed.js';
import {commentOf} from '../shared/rules.js';
import type {HostRule} from './host-rule.js';

/** Automatic security updates, and their time. */
export const UPDATE_RULES: readonly HostRule[] = [
  {
    name: 'updates.unattended',
    why: 'most attacks use a flaw that was fixed weeks before; only security updates, and never a reboot',
    source: 'Debian Reference 2.7, CIS 1.2.2.1, lynis PKGS-7420',
    tasks: (rule, {os}) => [
      apt('unattended-upgrades'),
      file({
        path: '/etc/apt/apt.conf.d/52infra-unattended-upgrades',
        content: `${MANAGED}${commentOf(rule)}`.replaceAll(/^#/gm, '//') + settings(os),
        ...READABLE,
        validate: (path) => sh`apt-config -c ${path} dump >/dev/null`,
      }),
    ],
  },
  {
    name: 'updates.staggered',
    why: 'the hosts of a site do not restart their services at the same time',
    source: 'systemd.timer(5), apt-daily-upgrade.timer',
    tasks: (rule, {host, inventory}) => [
      directory({path: `/etc/systemd/system/${TIMER}.d`, mode: '0755'}),
      file({
        path: `/etc/systemd/system/${TIMER}.d/60-infra.conf`,
        content: `${MANAGED}${commentOf(rule)}[Timer]\nOnCalendar=\nOnCalendar=*-*-* ${timeOf(host, inventory)}\nRandomizedDelaySec=0\n`,
        ...READABLE,
        notify: restart(TIMER),
      }),
      service({name: TIMER}),
    ],
  },
];

const TIMER = 'apt-daily-upgrade.timer';

// `#clear` empties the lists of the package's own file, which adds whole point releases to them. Every value ends with
// a semicolon: without it apt reads two of them as one.
function settings(os: string): string {
  return `APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
APT::Periodic::AutocleanInterval "7";

#clear Unattended-Upgrade::Allowed-Origins;
#clear Unattended-Upgrade::Origins-Pattern;
${os === 'ubuntu' ? UBUNTU : DEBIAN}
// The database restarts when its package is upgraded. Upgrade it host by host, with a plan:
// apt({packages: 'mariadb-server', state: 'latest'}) in a play with serial: 1.
Unattended-Upgrade::Package-Blacklist {
  "^mariadb-server";
  "^mysql-server";
};
Unattended-Upgrade::Automatic-Reboot "false";
Unattended-Upgrade::MinimalSteps "true";
`;
}

// sid has no security updates of its own: nothing matches there, and nothing is upgraded.
const DEBIAN = `Unattended-Upgrade::Origins-Pattern {
  "origin=Debian,codename=\${distro_codename}-security,label=Debian-Security";
  "origin=Debian,codename=\${distro_codename},label=Debian-Security";
};`;

// The release itself never changes, but security updates may need one of its packages.
const UBUNTU = `Unattended-Upgrade::Allowed-Origins {
  "\${distro_id}:\${distro_codename}";
  "\${distro_id}:\${distro_codename}-security";
  "\${distro_id}ESMApps:\${distro_codename}-apps-security";
  "\${distro_id}ESM:\${distro_codename}-infra-security";
};`;

/**
 * Between two and six in the morning, ten minutes apart. Each host gets the place that follows from its name, or the
 * next one that is free of hosts before it in the alphabet, so that few hosts move when others are added or removed.
 */
function timeOf(host: Host, {hosts}: Inventory): string {
  const taken = new Map<number, string>();
  for (const name of hosts.map((each) => each.name).sort()) {
    let place = placeOf(name);
    while (taken.size < PLACES && taken.has(place)) place = (place + 1) % PLACES;
    taken.set(place, name);
    if (name !== host.name) continue;
    const minutes = 120 + place * 10;
    return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  }
  return '02:00';
}

const PLACES = 24;

const placeOf = (name: string) => createHash('sha256').update(name).digest().readUInt32BE() % PLACES;

const two = (number: number) => String(number).padStart(2, '0');
