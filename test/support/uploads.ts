import {hash} from 'node:crypto';
import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Command, Places, Upload} from '../../src/shell/index.js';

/** Bytes to be sent. */
export const uploadOf = (bytes: Buffer): Upload => ({
  sha256: hash('sha256', bytes, 'hex'),
  size: bytes.length,
  read: () => [bytes],
});

/** Where a connection to this machine would keep things, with what the command needs laid there. */
export function placesFor(command: Command): Places {
  const directory = mkdtempSync(path.join(tmpdir(), 'infra-test-'));
  const uploads = path.join(directory, 'uploads');
  mkdirSync(uploads);
  for (const {sha256, read} of command.uploads) {
    const source = read();
    if (!(Symbol.iterator in source)) throw new Error('only bytes in memory are laid there');
    writeFileSync(path.join(uploads, sha256), Buffer.concat([...source]), {mode: 0o600});
  }
  return {directory, uploads};
}

/** The text of a command for a shell of this machine, with its uploads in place. */
export const textHere = (command: Command): string => command.reveal(placesFor(command));
