import test from 'ava';
import {DISTRIBUTIONS, type DistributionId, versionsOf} from '../../src/model/index.js';
import {acme, baseline, firewall, haproxy, keepalived, mysqlServer, nginx, sshd} from '../../src/roles/index.js';
import {Secret} from '../../src/shell/index.js';
import {newAuthority} from '../support/authority.js';
import {compile} from './compile.js';

const SITE = `all: {hosts: {one: {address: 192.0.2.1}, two: {address: 192.0.2.2}}}
lb: {hosts: {one: }}
web: {hosts: {one: }}
primary: {hosts: {one: }}
replica: {hosts: {two: }}`;

/** The tasks of the stack whose names a distribution decides, as plans show them. */
async function namesOn(os: DistributionId, codename: string, version: string): Promise<readonly string[]> {
  const ca = await newAuthority();
  const account = new Secret('a secret of enough characters');
  const certificate = acme({email: 'ops@example.org', account, until: ca});
  const roles = [
    ...[baseline(), sshd(), firewall(), keepalived({address: '192.0.2.100'})],
    haproxy({backend: 'web', tls: {certificate, names: ['www.example.org']}}),
    ...[nginx({tls: {certificate: ca}}), nginx({name: 'plain'}), mysqlServer({})],
    ...(versionsOf({os, codename}).mysql === undefined ? [] : [mysqlServer({family: 'mysql'})]),
  ];
  const names = roles.flatMap((role) => [...compile(role, SITE, 'primary', {os, codename, version}).keys()]);
  return [...new Set(names)].filter((name) =>
    /^(apt|service) |nginx\/sites|mysql\/.*cnf|ssh-keysign|grub|apt\//.test(name),
  );
}

/** On Debian, and on Ubuntu, which has the same names. */
const NAMES = [
  'apt inetutils-inetd openbsd-inetd rlinetd xinetd inetutils-telnetd telnetd telnetd-ssl rsh-server rsh-redone-server ypserv prelink',
  'permissions /boot/grub/grub.cfg',
  'statOverride /usr/lib/openssh/ssh-keysign',
  'apt systemd-timesyncd',
  'service systemd-timesyncd',
  'service chrony',
  'apt unattended-upgrades',
  'file /etc/apt/apt.conf.d/52infra-unattended-upgrades',
  'service apt-daily-upgrade.timer',
  'apt openssh-server',
  'service ssh',
  'apt nftables',
  'service infra-firewall',
  'apt keepalived',
  'service keepalived',
  'apt haproxy socat',
  'apt lego openssl socat ca-certificates',
  'service acme-port-443.timer',
  'service haproxy',
  'directory /etc/nginx/sites-enabled',
  'symlink /etc/nginx/sites-enabled/default',
  'apt nginx',
  'template /etc/nginx/sites-available/site',
  'symlink /etc/nginx/sites-enabled/site',
  'service nginx',
  'template /etc/nginx/sites-available/plain',
  'symlink /etc/nginx/sites-enabled/plain',
  'apt mariadb-server mariadb-backup socat logrotate',
  'template /etc/mysql/mariadb.conf.d/60-infra.cnf',
  'service mariadb',
  'service database-disk-guard.timer',
];

/** Where the release has MySQL. */
const MYSQL = ['apt mysql-server socat logrotate', 'template /etc/mysql/mysql.conf.d/zz-infra.cnf', 'service mysql'];

for (const [os, {name, releases}] of Object.entries(DISTRIBUTIONS)) {
  for (const [codename, {version = '', mysql}] of Object.entries(releases)) {
    test(`packages, services and paths of ${name} ${codename} are those that it has`, async (t) => {
      t.deepEqual(await namesOn(os as DistributionId, codename, version), [
        ...NAMES,
        ...(mysql === undefined ? [] : MYSQL),
      ]);
    });
  }
}
