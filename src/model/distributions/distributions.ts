import {inWords} from '../text/in-words.js';
import {DEBIAN} from './debian.js';
import type {Distribution, Release} from './distribution.js';
import {UBUNTU} from './ubuntu.js';

/** Every distribution that infra manages, by its `ID` in os-release. */
export const DISTRIBUTIONS = {debian: DEBIAN, ubuntu: UBUNTU} as const;

/** The `ID` of a distribution that infra manages. */
export type DistributionId = keyof typeof DISTRIBUTIONS;

/** The distribution and the release of a host, as its facts have them. */
interface System {
  readonly os: DistributionId;
  readonly codename: string;
  /** Empty where the release has none. */
  readonly version: string;
}

/** Whether an `ID` of os-release is that of a distribution that infra manages. */
export function isDistribution(id: string): id is DistributionId {
  return Object.hasOwn(DISTRIBUTIONS, id);
}

/** The distribution of a host, by its facts. */
export function distributionOf({os}: Pick<System, 'os'>): Distribution {
  return DISTRIBUTIONS[os];
}

/**
 * The versions of a host's release, by its codename: a host on which nothing is installed yet cannot be asked. A
 * release that is not known is treated as the newest of its distribution.
 */
export function versionsOf({os, codename}: Pick<System, 'os' | 'codename'>): Release {
  const {releases, newest} = distributionOf({os});
  return releases[codename] ?? newest;
}

/** Whether a host's release is one whose versions are known, not one that is treated as another. */
export function isKnownRelease({os, codename}: Pick<System, 'os' | 'codename'>): boolean {
  return Object.hasOwn(DISTRIBUTIONS[os].releases, codename);
}

/** `Debian 13`, `Ubuntu 24.04`, `Debian sid`. */
export function releaseName({os, codename, version}: System): string {
  return `${DISTRIBUTIONS[os].name} ${version || codename}`.trim();
}

/** The release that infra recommends, and assumes of a host that it has not asked. */
export const USUAL_RELEASE: System = {os: 'debian', codename: 'trixie', version: '13'};

const ALL: readonly Distribution[] = Object.values(DISTRIBUTIONS);

/** What sshd's unit is called, on one distribution or another. */
export const SSHD_SERVICES = [...new Set(ALL.map(({services}) => services.sshd))];

/** `Debian and Ubuntu`. */
export const KNOWN_DISTRIBUTIONS = inWords(
  ALL.map(({name}) => name),
  ' and ',
);

/** The releases of `versionsOf` that have a version: `Debian 12 and 13, and Ubuntu 22.04 and 24.04`. */
export const KNOWN_RELEASES = inWords(
  ALL.map(({name, releases}) => {
    const versions = Object.values(releases).flatMap(({version}) => version ?? []);
    return `${name} ${inWords(versions, ' and ')}`;
  }),
  ', and ',
);

/**
 * Where a program can be installed: the distributions of which every release has it, then the releases of others, such
 * as `Ubuntu or Debian sid`.
 */
export function releasesWith(program: 'mariadb' | 'mysql', conjunction: 'and' | 'or'): string {
  const has = (release: Release) => release[program] !== undefined;
  const whole = ALL.filter(({releases}) => Object.values(releases).every(has));
  const others = ALL.filter((each) => !whole.includes(each));
  const single = others.flatMap(({name, releases}) =>
    Object.entries(releases).flatMap(([codename, each]) => (has(each) ? [`${name} ${each.version ?? codename}`] : [])),
  );
  return inWords([...whole.map(({name}) => name), ...single], ` ${conjunction} `);
}
