import {type Package, packagesOf} from './package.js';

/** Which packages, and how. */
export interface AptSpec {
  /** `nginx`, `libc6:i386`, `haproxy=3.0.11-1`, `haproxy=3.0.*`: all of them in one transaction. */
  readonly packages: string | readonly string[];
  /**
   * `present` (the default) never upgrades what is installed, unless a version is named. `latest`: the newest version
   * in package lists no older than `cacheMaxAge`. `absent`: removed, configuration kept; nothing else may go with it.
   */
  readonly state?: 'present' | 'absent' | 'latest';
  /** False: without recommended packages. Left out: as the host is configured, which in Debian means with them. */
  readonly recommends?: boolean;
  /** Seconds; older package lists are refreshed before something is installed. Default: a day. */
  readonly cacheMaxAge?: number;
  /** Seconds to wait for another run of apt or dpkg. Default: 300. */
  readonly lockTimeout?: number;
}

/** What the verbs work on: the spec with its defaults and its packages taken apart. */
export type Ready = Required<Omit<AptSpec, 'packages' | 'recommends'>> & {
  readonly packages: readonly Package[];
  readonly recommends: boolean | undefined;
};

/** The spec as the verbs take it. */
export function withDefaults(spec: AptSpec): Ready {
  return {
    packages: packagesOf(spec.packages),
    state: spec.state ?? 'present',
    recommends: spec.recommends,
    cacheMaxAge: spec.cacheMaxAge ?? 24 * 60 * 60,
    lockTimeout: spec.lockTimeout ?? 300,
  };
}
