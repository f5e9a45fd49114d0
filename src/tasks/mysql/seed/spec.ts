import {isIP} from 'node:net';
import {check, isPort, optionsOf, type Refused} from '../../../model/index.js';
import type {Secret} from '../../../shell/index.js';
import type {ServerFamily} from '../client.js';
import {DEFAULT_RATE} from './send.js';

/** A seed of a new server: what its three tasks have in common. */
export interface MysqlSeedSpec {
  /** `mariadb` or `mysql`, the same on both servers. */
  readonly family: ServerFamily;
  /** The name of the server whose data is copied. */
  readonly from: string;
  /** Its address. */
  readonly source: string;
  /** The port of the database there. Default 3306. */
  readonly port?: number;
  /** The address of the new server. */
  readonly address: string;
  /** About how large the copy is, in bytes. */
  readonly size: number;
  /** The most bytes a second. Default 60 MB: half of what a network of 1 Gbit/s carries. */
  readonly rate?: number;
  /** The file with the authority from which the certificate of the other server must come (MySQL). */
  readonly authority?: string | undefined;
  /** The name of the unit of the server, without `.service`. */
  readonly service: string;
  /** Makes the key of this transfer, the same for all three: `transferKey()`. */
  readonly key: () => Promise<Secret>;
}

export const SEED_OPTIONS = optionsOf<MysqlSeedSpec>({
  family: check.oneOf('mariadb', 'mysql'),
  from: check.text,
  source: check.text,
  port: check.optional(check.wholeNumber(1)),
  address: check.text,
  size: check.wholeNumber(),
  rate: check.optional(check.wholeNumber(1)),
  authority: check.optional(check.text),
  service: check.text,
  key: check.callable<() => Promise<Secret>>('transferKey()'),
});

export function refuseSeed({source, address, port = 3306, authority}: MysqlSeedSpec): Refused | undefined {
  const strange = [source, address].find((each) => isIP(each) === 0);
  if (strange !== undefined) return `"${strange}" is not an IP address`;
  if (!isPort(port)) return `${port} is not a port`;
  return authority === undefined || authority.startsWith('/') ? undefined : `"${authority}" is not an absolute path`;
}

/** All that the commands are made from but the key, which is another one each time. */
export function requestOf({key: _, ...spec}: MysqlSeedSpec): string {
  return JSON.stringify({rate: DEFAULT_RATE, ...spec});
}

/** `1.9 GB`: two digits, so that a plan stays the same while the data grows a little. */
export function sizeInWords(bytes: number): string {
  const unit = UNITS.findLast(([, size]) => bytes >= size) ?? UNITS[0];
  const [name, size] = unit ?? ['B', 1];
  return `${Number((bytes / size).toPrecision(2))} ${name}`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['B', 1],
  ['kB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
];
