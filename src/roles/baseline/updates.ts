import {createHash} from 'node:crypto';
import type {Distribution, Host, Inventory} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {directory, file, packages, restart, service} from '../../tasks/index.js';
import {MANAGED, READABLE} from '../shared/managed.js';
import {commentOf} from '../shared/rules.js';
import type {HostRule} from './host-rule.js';

/** Automatic security updates, and their time. */
export const UPDATE_RULES: readonly HostRule[] = [
  {
    name: 'updates.unattended',
    why: 'most attacks use a flaw that was fixed weeks before; only security updates, and never a reboot',
    source: 'Debian Reference 2.7, CIS 1.2.2.1, lynis PKGS-7420',
    tasks: (rule, context) => [
      packages(context.distribution.packages.securityUpdates)(context),
      file({
        path: context.distribution.securityUpdates.file,
        content: `${MANAGED}${commentOf(rule)}`.replaceAll(/^#/gm, '//') + settings(context.distribution),
        ...READABLE,
        validate: (path) => sh`apt-config -c ${path} dump >/dev/null`,
      }),
    ],
  },
  {
    name: 'updates.staggered',
    why: 'the hosts of a site do not restart their services at the same time',
    source: 'systemd.timer(5), apt-daily-upgrade.timer',
    tasks: (rule, {host, inventory, distribution: {securityUpdates}}) => {
      const {timer} = securityUpdates;
      return [
        directory({path: `/etc/systemd/system/${timer}.d`, mode: '0755'}),
        file({
          path: `/etc/systemd/system/${timer}.d/60-infra.conf`,
          content: `${MANAGED}${commentOf(rule)}[Timer]\nOnCalendar=\nOnCalendar=*-*-* ${timeOf(host, inventory)}\nRandomizedDelaySec=0\n`,
          ...READABLE,
          notify: restart(timer),
        }),
        service({name: timer}),
      ];
    },
  },
];

// `#clear` empties the lists of the package's own file, which adds whole point releases to them. Every value ends with
// a semicolon: without it apt reads two of them as one.
function settings({databases: {mariadb, mysql}, securityUpdates: {origins}}: Distribution): string {
  return `APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
APT::Periodic::AutocleanInterval "7";

#clear Unattended-Upgrade::Allowed-Origins;
#clear Unattended-Upgrade::Origins-Pattern;
Unattended-Upgrade::${origins.setting} {
${origins.patterns.map((each) => `  "${each}";\n`).join('')}};
// The database restarts when its package is upgraded. Upgrade it host by host, with a plan:
// apt({packages: '${mariadb.package}', state: 'latest'}) in a play with serial: 1.
Unattended-Upgrade::Package-Blacklist {
  "^${mariadb.package}";
  "^${mysql.package}";
};
Unattended-Upgrade::Automatic-Reboot "false";
Unattended-Upgrade::MinimalSteps "true";
`;
}

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
