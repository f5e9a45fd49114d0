import {createHash} from 'node:crypto';
import {closeSync, createReadStream, openSync, readFileSync, readSync, statSync} from 'node:fs';
import {Content} from '../model/index.js';

/** Bytes up to which a file is kept in memory: larger ones are never shown, and are read again when they are sent. */
const KEPT = 64 * 1024;

/** Bytes that are read at once. */
const PIECE = 256 * 1024;

/** A local file as content. Throws what `node:fs` throws. */
export function readContent(file: string, sensitive: boolean): Content {
  if (statSync(file).size <= KEPT) return Content.of(readFileSync(file), sensitive);
  const {sha256, size} = digestOf(file);
  return new Content({sha256, size, sensitive, read: () => pieces(file, sha256)});
}

function digestOf(file: string): {sha256: string; size: number} {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(PIECE);
  const descriptor = openSync(file, 'r');
  try {
    let size = 0;
    for (;;) {
      const length = readSync(descriptor, buffer);
      if (length === 0) return {sha256: hash.digest('hex'), size};
      hash.update(buffer.subarray(0, length));
      size += length;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Rejects at the end when the file is no longer the one of the digest: before anything was done with what was sent. */
async function* pieces(file: string, sha256: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest('hex') !== sha256) throw new Error(`${file} has changed since it was planned`);
}
