import {DEBIAN} from './debian.js';
import type {Distribution, Release} from './distribution.js';

const RESOLUTE: Release = {
  version: '26.04',
  haproxy: [3, 2],
  nginx: [1, 28],
  openssl: [3, 5],
  openssh: [10, 2],
  mariadb: [11, 8],
  mysql: [8, 4],
  keepalived: [2, 3],
  nftables: [1, 1],
};

/** A child of Debian, whose names it has. Versions: packages.ubuntu.com, November 2026. */
export const UBUNTU: Distribution = {
  ...DEBIAN,
  name: 'Ubuntu',
  securityUpdates: {
    ...DEBIAN.securityUpdates,
    // The release itself never changes, but security updates may need one of its packages.
    origins: {
      setting: 'Allowed-Origins',
      patterns: [
        `\${distro_id}:\${distro_codename}`,
        `\${distro_id}:\${distro_codename}-security`,
        `\${distro_id}ESMApps:\${distro_codename}-apps-security`,
        `\${distro_id}ESM:\${distro_codename}-infra-security`,
      ],
    },
  },
  releases: {
    jammy: {
      version: '22.04',
      haproxy: [2, 4],
      nginx: [1, 18],
      openssl: [3, 0],
      openssh: [8, 9],
      mariadb: [10, 6],
      mysql: [8, 0],
      keepalived: [2, 2],
      nftables: [1, 0],
    },
    noble: {
      version: '24.04',
      haproxy: [2, 8],
      nginx: [1, 24],
      openssl: [3, 0],
      openssh: [9, 6],
      mariadb: [10, 11],
      mysql: [8, 0],
      keepalived: [2, 2],
      nftables: [1, 0],
    },
    resolute: RESOLUTE,
  },
  newest: RESOLUTE,
  rolling: undefined,
};
