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

/** A package as written in a playbook. */
export interface Package {
  /** `nginx`, or `libc6:i386` when an architecture is named. */
  readonly name: string;
  /** The version asked for; `*` in it stands for anything. */
  readonly version: string | undefined;
}

/** Takes `name[:arch][=version]` apart. */
function packagesOf(written: string | readonly string[]): readonly Package[] {
  return [written].flat().map((each) => {
    const [name = '', version] = each.split(/=(.*)/s);
    return {name, version};
  });
}

/** What is wrong with the packages asked for, in words. */
export function faultIn(spec: {packages: string | readonly string[]; state?: string}): string | undefined {
  const written = [spec.packages].flat();
  const wrong = written.find((each) => !WRITTEN.test(each));
  if (wrong !== undefined) return `"${wrong}" is not a package; write name, name:arch or name=version`;
  const names = packagesOf(written).map(({name}) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `"${twice}" is named twice`;
  const pinned = packagesOf(written).find(({version}) => version !== undefined);
  if (pinned && (spec.state ?? 'present') !== 'present') {
    return `"${pinned.name}" has a version, which state ${spec.state} does not take; give the name alone`;
  }
  return written.length === 0 ? 'it names no package' : undefined;
}

/** Whether a version is the one asked for: each part between two `*` is found after the one before it. */
export function isVersion(version: string, wanted: string): boolean {
  const [first = '', ...parts] = wanted.split('*');
  const last = parts.pop();
  if (last === undefined) return version === wanted;
  if (!version.startsWith(first) || !version.endsWith(last) || version.length < first.length + last.length)
    return false;
  let rest = version.slice(first.length, version.length - last.length);
  for (const part of parts) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return true;
}

// Names and versions after Debian Policy 5.6.1 and 5.6.12. apt would take a `-` at the end as "remove".
const WRITTEN = /^[a-z0-9](?:[a-z0-9+.-]*[a-z0-9+.])?(?::[a-z0-9-]+)?(?:=[A-Za-z0-9.+~:*-]+)?$/;
