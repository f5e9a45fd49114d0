import type {Facts} from './inventory.js';

/** A version as `[major, minor]`: 3.5 is `[3, 5]`. */
export type Version = readonly [number, number];

/** What a distribution's release comes with, of the programs whose configuration depends on it. */
export interface Versions {
  readonly haproxy: Version;
  readonly nginx: Version;
  /** What HAProxy, Nginx and OpenSSH are built with. */
  readonly openssl: Version;
  readonly openssh: Version;
  readonly mariadb: Version;
  /** Undefined where the release has no MySQL of its own. */
  readonly mysql: Version | undefined;
  readonly keepalived: Version;
  readonly nftables: Version;
}

/**
 * The versions of a host's release, by its codename: a host on which nothing is installed yet cannot be asked. A
 * release that is not known is treated as the newest of its distribution. Versions: packages.debian.org,
 * packages.ubuntu.com, November 2026.
 */
export function versionsOf({os, codename}: Facts): Versions {
  return RELEASES[codename] ?? (os === 'ubuntu' ? RESOLUTE : SID);
}

/** The releases of `versionsOf`, in words. */
export const KNOWN_RELEASES = 'Debian 12 and 13, and Ubuntu 22.04, 24.04 and 26.04';

/** Whether a host's release is one whose versions are known, not one that is treated as another. */
export function isKnownRelease({codename}: Facts): boolean {
  return codename in RELEASES;
}

/** Whether a version is at least the other one. */
export function atLeast([major, minor]: Version, [wantedMajor, wantedMinor]: Version): boolean {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

const SID: Versions = {
  haproxy: [3, 2],
  nginx: [1, 30],
  openssl: [3, 6],
  openssh: [10, 6],
  mariadb: [11, 8],
  mysql: [9, 7],
  keepalived: [2, 3],
  nftables: [1, 1],
};

const RESOLUTE: Versions = {
  haproxy: [3, 2],
  nginx: [1, 28],
  openssl: [3, 5],
  openssh: [10, 2],
  mariadb: [11, 8],
  mysql: [8, 4],
  keepalived: [2, 3],
  nftables: [1, 1],
};

const RELEASES: Readonly<Record<string, Versions>> = {
  bookworm: {
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
  jammy: {
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
};
