import {type Diagnostic, InputError} from '../diagnostic.js';
import type {DistributionId} from '../distributions/distributions.js';
import {didYouMean} from '../nearest.js';
import {callSite, type Position} from '../position.js';

/** The servers and groups of one inventory file, in the order written. */
export interface Inventory {
  /** The file it was loaded from. */
  readonly file: string;
  /**
   * All files it was made from: this one first, then those of `group_vars/` and `host_vars/` next to it. Absolute
   * paths.
   */
  readonly files: readonly string[];
  /** Every host once. */
  readonly hosts: readonly Host[];
  /** Hosts of each group, `all` included, those of child groups too. */
  readonly groups: ReadonlyMap<string, readonly Host[]>;
  /** Where one of its files sets a variable of a host, or names the host. */
  readonly placeOf?: (host: string, variable?: string) => Pick<Diagnostic, 'at' | 'excerpt'> | undefined;
}

/** Variables of a host by their names. */
export interface Variables {
  readonly [name: string]: unknown;
}

/** One server of the inventory: how it is reached, its groups and its variables. `Vars`: what a playbook has made of them. */
export interface Host<Vars extends Variables = Variables> {
  /** As the inventory calls it. */
  readonly name: string;
  /** Address or DNS name that SSH connects to. */
  readonly address: string;
  /** Of SSH. */
  readonly port: number;
  /** Login user. */
  readonly user: string;
  /** Run as root through `sudo`; needless when `user` is root. */
  readonly become: boolean;
  /** Private key files, tried in order before the agent. Absolute paths. */
  readonly identityFiles: readonly string[];
  /** Files of known host keys. Absolute paths. */
  readonly knownHostsFiles: readonly string[];
  /** Names of the groups it is in, outermost (`all`) first. */
  readonly groups: readonly string[];
  /** Variables after groups and host are merged. */
  readonly vars: Vars;
  /** Where the inventory names it. */
  readonly at?: Position | undefined;
}

/**
 * The address at which other servers reach a host: its variable `private_address`, for hosts whose address in the
 * inventory is only for SSH, else its address. An IP address or a DNS name.
 *
 * @example
 * (context: RoleContext) => context.group('web').map(privateAddressOf)
 */
export function privateAddressOf(host: Host): string {
  const {private_address: own} = host.vars;
  return typeof own === 'string' ? own : host.address;
}

/** What a host says of itself, read once at the start of a run. */
export interface Facts {
  /** As `hostname` prints it. */
  readonly hostname: string;
  /** Its distribution, by the `ID` of os-release. */
  readonly os: DistributionId;
  /** `bookworm`, `trixie`, `sid`, `noble` … */
  readonly codename: string;
  /** `12`, `13`, `24.04`; empty where the suite has none (sid). */
  readonly version: string;
  /** As the package manager names it: `amd64`, `arm64`. */
  readonly architecture: string;
  /** Processors that it may use. */
  readonly cpus: number;
  /** Bytes of memory in all. */
  readonly memory: number;
  /** Global addresses, IPv4 and IPv6, without prefix length. */
  readonly addresses: readonly string[];
  /** The same addresses with the interface that carries each; empty where the program `ip` is missing. */
  readonly interfaces: readonly InterfaceAddress[];
  /** Where this run's SSH connection comes from, as the host sees it; empty when it does not say. */
  readonly client: string;
  /** The database server that is installed on it; left out where there is none. */
  readonly database?: DatabaseFacts;
}

/** A database server as it was found, when the facts were read. */
export interface DatabaseFacts {
  readonly family: 'mariadb' | 'mysql';
  /** Whether it answered. If not, only `family` and `databases` are known. */
  readonly isRunning: boolean;
  /** Databases that are not the server's own. */
  readonly databases: readonly string[];
  /** About how many bytes its data has, without its logs, as its server estimates it. */
  readonly size: number;
  /** Whether only replication may write. */
  readonly isReadOnly: boolean;
  /** Its number among the servers that replicate from each other; 0 when it has none. */
  readonly serverId: number;
  /** The server that it replicates from; undefined for none. */
  readonly source?: {readonly address: string; readonly serverId: number};
}

/** `eth0` carries `192.0.2.10`, in a network of this many leading bits. */
export interface InterfaceAddress {
  readonly name: string;
  readonly address: string;
  readonly prefix: number;
}

/**
 * Finds groups of an inventory for the code of a playbook. It throws `InputError` with the line that asks for a group
 * which the inventory does not have, and with the nearest name.
 */
export function groupsOf(inventory: Inventory): (name: string) => readonly Host[] {
  return (name) =>
    groupNamed(inventory, name, (known) => ({
      at: callSite(),
      hint: `The groups are ${known.join(', ')}. Where one may be missing: inventory.groups.get("${name}") ?? [].`,
    }));
}

/**
 * The hosts of a group. Throws `InputError` for one that the inventory does not have. `otherwise`: from the names of
 * all groups, the hint where no name is near, and the place.
 */
export function groupNamed(
  {file, groups}: Inventory,
  name: string,
  otherwise: (known: readonly string[]) => Omit<Diagnostic, 'message'>,
): readonly Host[] {
  const hosts = groups.get(name);
  if (hosts) return hosts;
  const known = [...groups.keys()];
  const {at, hint} = otherwise(known);
  const message = `${file} has no group "${name}"`;
  throw new InputError([{message, at, hint: didYouMean(name, known) ?? hint, isUnknownName: true}]);
}

/** The host of a name. Throws `InputError` for one that the inventory does not have, with the nearest name. */
export function hostNamed({file, hosts}: Inventory, name: string): Host {
  const host = hosts.find((each) => each.name === name);
  if (host) return host;
  const known = hosts.map((each) => each.name);
  const hint = didYouMean(name, known) ?? `The hosts are: ${known.join(', ')}.`;
  throw new InputError([{message: `${file} has no host "${name}"`, hint, isUnknownName: true}]);
}
