import {type Command, Secret, sh, uninterrupted} from '../../shell/index.js';
import type {Stored} from './backups.js';

/** The program of the role `databaseBackup` that restores. */
const PROGRAM = '/usr/local/sbin/database-restore';

/** A file that is to be decrypted on the host, with the header that the one-time identity opens. */
export interface Opened {
  readonly stored: Stored;
  /** See `handOver`. */
  readonly header: string;
  readonly oldSize: number;
}

/**
 * Decrypts a backup, and the binary logs after it, into the restore's own directory. `identity` opens these files and
 * no others; it goes in through the shell's built-in `printf`, so it shows in no process list and is in no file.
 */
export function fetchBackup(name: string, identity: Secret, files: readonly Opened[]): Command {
  const list = files.map(({stored, header, oldSize}) => `file ${stored.file} ${oldSize} ${stored.sha256}\n${header}`);
  return sh`printf '%s\n' ${new Secret(`${identity.reveal()}\n${list.join('').trimEnd()}`)} | ${PROGRAM} fetch ${name}`;
}

/** Makes data files of what was fetched that a server can open. */
export const prepareRestore = (): Command => sh`${PROGRAM} prepare`;

/** Applies the binary logs that were fetched: up to a time (UTC, exclusive), or all. */
export const replayLogs = (until: Date | undefined): Command =>
  sh`${PROGRAM} replay ${until === undefined ? '-' : until.toISOString().slice(0, 19).replace('T', ' ')}`;

/** Opens what was restored with a server of its own and prints `SCHEMA.TABLE ROWS CHECKSUM CHECK` for each table. */
export const verifyRestore = (): Command => sh`${PROGRAM} verify`;

/**
 * Puts the restored data in place of the server's; that is kept aside. The server is read-only afterwards. It runs to its
 * end when the connection is lost.
 */
export const installRestore = (): Command => uninterrupted(sh`${PROGRAM} install`);

/** Puts the old data back that {@link installRestore} has put aside, wherever it stopped. Does nothing where it did not begin. */
export const undoRestore = (): Command => uninterrupted(sh`${PROGRAM} undo`);

/** Deletes what was restored and not installed. */
export const discardRestore = (): Command => sh`${PROGRAM} discard`;
