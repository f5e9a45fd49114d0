/**
 * A distribution of Linux: the names that differ from one distribution to the next. What all of them call the same,
 * such as `/etc/haproxy/haproxy.cfg` or the service `nginx`, stands in the roles.
 */
export interface Distribution {
  /** As people write it: `Debian`. */
  readonly name: string;
  /** What installs packages; `packages` in `src/tasks/` has a task type for each. */
  readonly packageManager: 'apt';
  /** What an administrator types before the names of packages to install them. */
  readonly install: string;
  readonly packages: Packages;
  /** Units of systemd, without `.service`. */
  readonly services: Services;
  readonly paths: Paths;
  readonly databases: Readonly<Record<'mariadb' | 'mysql', Database>>;
  /** The test of its configuration that HAProxy's unit runs before a reload, in the variables of that unit. */
  readonly haproxyCheck: string;
  /** The user whose rights Nginx's workers have. */
  readonly nginxUser: string;
  /** The group that may read password hashes. */
  readonly shadowGroup: string;
  /** Settings of sshd that only this distribution's sshd knows, and that hide its patch level from clients. */
  readonly sshdSettings: Readonly<Record<string, string>>;
  readonly securityUpdates: SecurityUpdates;
  /** By codename, oldest first. */
  readonly releases: Readonly<Record<string, Release>>;
  /** As which a release is treated that is not in `releases`. */
  readonly newest: Release;
  /** The codename of the release without a version, which names itself after the next release. */
  readonly rolling: string | undefined;
}

/** Packages by what needs them. */
interface Packages {
  readonly haproxy: readonly string[];
  readonly nginx: string;
  readonly keepalived: string;
  readonly nftables: string;
  readonly sshd: string;
  /** The client of ACME, and what its scripts run. */
  readonly acme: readonly string[];
  /** The clock's service, where no other one is installed. */
  readonly clock: string;
  readonly securityUpdates: string;
  /** Servers of insecure protocols, which `baseline` removes. */
  readonly legacy: readonly string[];
}

interface Services {
  /** It has a socket of the same name, by which systemd can listen for it. */
  readonly sshd: string;
  readonly clock: string;
  readonly chrony: string;
  /** Other services that set the clock, besides chrony. */
  readonly otherClocks: readonly string[];
}

interface Paths {
  /** The directory of Nginx's sites, and that of links to those that are enabled. */
  readonly sites: string;
  readonly enabledSites: string;
  /** A set-user-ID program of OpenSSH. */
  readonly sshKeysign: string;
  /** The configuration of the boot loader. */
  readonly bootLoader: string;
}

interface Database {
  readonly package: string;
  /** What copies a running server to a new replica. */
  readonly copies: readonly string[];
  /** Its unit, without `.service`. */
  readonly service: string;
  /** Sorts after the files of the package, so that it wins. */
  readonly optionFile: string;
}

/** How security updates are installed without an operator. */
interface SecurityUpdates {
  /** The file of settings. It sorts after that of the package. */
  readonly file: string;
  /** The timer that installs them. */
  readonly timer: string;
  /** The archives that they come from, and the setting that lists them. */
  readonly origins: {readonly setting: string; readonly patterns: readonly string[]};
}

/** A release, and what it comes with, of the programs whose configuration depends on it. */
export interface Release {
  /** As os-release and people have it: `13`, `24.04`; undefined for the rolling one. */
  readonly version: string | undefined;
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

/** A version as `[major, minor]`: 3.5 is `[3, 5]`. */
export type Version = readonly [number, number];

/** Whether a version is at least the other one. */
export function atLeast([major, minor]: Version, [wantedMajor, wantedMinor]: Version): boolean {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
