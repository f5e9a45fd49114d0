import type {Distribution, Release} from './distribution.js';

const SID: Release = {
  version: undefined,
  haproxy: [3, 2],
  nginx: [1, 30],
  openssl: [3, 6],
  openssh: [10, 6],
  mariadb: [11, 8],
  mysql: [9, 7],
  keepalived: [2, 3],
  nftables: [1, 1],
};

/** Versions: packages.debian.org, November 2026. */
export const DEBIAN: Distribution = {
  name: 'Debian',
  packageManager: 'apt',
  install: 'apt-get install',
  packages: {
    // Scripts use HAProxy's socket by socat.
    haproxy: ['haproxy', 'socat'],
    nginx: 'nginx',
    keepalived: 'keepalived',
    nftables: 'nftables',
    sshd: 'openssh-server',
    acme: ['lego', 'openssl', 'socat', 'ca-certificates'],
    clock: 'systemd-timesyncd',
    securityUpdates: 'unattended-upgrades',
    legacy: [
      ...['inetutils-inetd', 'openbsd-inetd', 'rlinetd', 'xinetd'],
      ...['inetutils-telnetd', 'telnetd', 'telnetd-ssl', 'rsh-server', 'rsh-redone-server', 'ypserv', 'prelink'],
    ],
  },
  services: {
    sshd: 'ssh',
    clock: 'systemd-timesyncd',
    chrony: 'chrony',
    otherClocks: ['ntpsec', 'openntpd'],
  },
  paths: {
    sites: '/etc/nginx/sites-available',
    enabledSites: '/etc/nginx/sites-enabled',
    sshKeysign: '/usr/lib/openssh/ssh-keysign',
    bootLoader: '/boot/grub/grub.cfg',
  },
  databases: {
    mariadb: {
      package: 'mariadb-server',
      copies: ['mariadb-backup', 'socat'],
      service: 'mariadb',
      optionFile: '/etc/mysql/mariadb.conf.d/60-infra.cnf',
    },
    mysql: {
      package: 'mysql-server',
      copies: ['socat'],
      service: 'mysql',
      optionFile: '/etc/mysql/mysql.conf.d/zz-infra.cnf',
    },
  },
  haproxyCheck: '/usr/sbin/haproxy -Ws -f $CONFIG -c $EXTRAOPTS',
  nginxUser: 'www-data',
  shadowGroup: 'shadow',
  sshdSettings: {DebianBanner: 'no'},
  securityUpdates: {
    file: '/etc/apt/apt.conf.d/52infra-unattended-upgrades',
    timer: 'apt-daily-upgrade.timer',
    // sid has no security updates of its own: nothing matches there, and nothing is upgraded.
    origins: {
      setting: 'Origins-Pattern',
      patterns: [
        `origin=Debian,codename=\${distro_codename}-security,label=Debian-Security`,
        `origin=Debian,codename=\${distro_codename},label=Debian-Security`,
      ],
    },
  },
  releases: {
    bookworm: {
      version: '12',
      haproxy: [2, 6],
      nginx: [1, 22],
      openssl: [3, 0],
      openssh: [9, 2],
      mariadb: [10, 11],
      mysql: undefined,
      keepalived: [2, 2],
      nftables: [1, 0],
    },
    trixie: {
      version: '13',
      haproxy: [3, 0],
      nginx: [1, 26],
      openssl: [3, 5],
      openssh: [10, 0],
      mariadb: [11, 8],
      mysql: undefined,
      keepalived: [2, 3],
      nftables: [1, 1],
    },
    sid: SID,
  },
  newest: SID,
  rolling: 'sid',
};
