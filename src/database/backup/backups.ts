import {UnreadableReply} from '../../model/index.js';
import {type Command, sh} from '../../shell/index.js';

/** The program of the role `databaseBackup` on every database server. */
export const PROGRAM = '/usr/local/sbin/database-backup';

/** What the manifest of an encrypted file says, of a backup and of a binary log alike. */
export interface Stored {
  readonly file: string;
  readonly family: 'mariadb' | 'mysql';
  /** The inventory's name of the server that it was made on. */
  readonly host: string;
  /** Bytes of the file, and before it was compressed. */
  readonly bytes: number;
  readonly size: number;
  readonly sha256: string;
  /** The lines of the age file that its recipients open. */
  readonly header: string;
}

/** A backup. */
export interface Backup extends Stored {
  /** The server's version. */
  readonly server: string;
  readonly role: string;
  /** When it began: in ISO 8601, UTC. */
  readonly start: string;
  readonly seconds: number;
  /** The transactions in it, in the family's notation. */
  readonly gtid: string;
  readonly tables: readonly BackupTable[];
}

export interface BackupTable {
  readonly schema: string;
  readonly table: string;
  /** The server's estimate. */
  readonly rows: number;
}

/** A closed binary log of one server. */
export interface BinaryLog extends Stored {
  /** Logs of one chain go on from each other without a gap: their numbers are consecutive. */
  readonly chain: string;
  readonly number: number;
  /** The transactions before its first one. */
  readonly from: string;
  /** When it was closed: in ISO 8601, UTC. */
  readonly closed: string;
}

/** Lists what this database server finds at its destination. */
export function listStored(kind: 'backups' | 'logs'): Command {
  return sh`[ -x ${PROGRAM} ] || { echo ${NO_ROLE} >&2; exit 1; }; ${PROGRAM} list ${kind}`;
}

const NO_ROLE = 'the role databaseBackup has not been applied to this host';

/** The backups that {@link listStored} printed, oldest first. Throws `UnreadableReply`. */
export function parseBackups(text: string): readonly Backup[] {
  return manifests(text).map((each) => ({
    ...storedOf(each),
    server: textOf(each, 'server'),
    role: textOf(each, 'role'),
    start: textOf(each, 'start'),
    seconds: numberOf(each, 'seconds'),
    gtid: textOf(each, 'gtid'),
    tables: tablesOf(each.tables),
  }));
}

/** The binary logs that {@link listStored} printed, oldest first. Throws `UnreadableReply`. */
export function parseLogs(text: string): readonly BinaryLog[] {
  return manifests(text).map((each) => ({
    ...storedOf(each),
    chain: textOf(each, 'chain'),
    number: numberOf(each, 'number'),
    from: textOf(each, 'from'),
    closed: textOf(each, 'closed'),
  }));
}

type Members = Readonly<Record<string, unknown>>;

/** Lines `BYTES NAME JSON`. A file that is not as long as its manifest says is not a backup. */
function manifests(text: string): readonly Members[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.flatMap((line) => {
    const [, bytes, name, json = ''] = /^(\d+) (\S+) (.*)$/.exec(line) ?? [];
    const manifest = parse(json);
    if (name === undefined || manifest === undefined) throw new UnreadableReply(`a manifest cannot be read: ${line}`);
    return manifest.bytes === Number(bytes) && manifest.file === name ? [manifest] : [];
  });
}

function parse(json: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isMembers(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}

function storedOf(each: Members): Stored {
  const family = each.family;
  if (family !== 'mariadb' && family !== 'mysql') throw new UnreadableReply('a manifest names no family');
  return {
    ...{file: textOf(each, 'file'), family, host: textOf(each, 'host'), sha256: textOf(each, 'sha256')},
    ...{bytes: numberOf(each, 'bytes'), size: numberOf(each, 'size')},
    header: Buffer.from(textOf(each, 'header'), 'base64').toString('latin1'),
  };
}

function tablesOf(tables: unknown): readonly BackupTable[] {
  if (!Array.isArray(tables)) throw new UnreadableReply('a manifest lists no tables');
  return tables.filter(isMembers).map((each) => ({
    schema: textOf(each, 'schema'),
    table: textOf(each, 'table'),
    rows: typeof each.rows === 'number' ? each.rows : 0,
  }));
}

function textOf(each: Members, name: string): string {
  const value = each[name];
  if (typeof value === 'string') return value;
  throw new UnreadableReply(`the manifest of a backup has no text "${name}"`);
}

function numberOf(each: Members, name: string): number {
  const value = each[name];
  if (typeof value === 'number') return value;
  throw new UnreadableReply(`the manifest of a backup has no number "${name}"`);
}
