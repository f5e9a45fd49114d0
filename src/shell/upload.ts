/** Bytes that a command needs on the host: they travel apart from its text, into a private file. */
export interface Upload {
  /** SHA-256, hexadecimal: also the name of the file. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
  /** The bytes in pieces, again each time. Rejects when they are no longer those of the digest. */
  read(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}
