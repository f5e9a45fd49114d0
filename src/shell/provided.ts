/** The private directory of the connection, which ends with it. */
export const PRIVATE_DIRECTORY: Provided = {privateDirectory: true};

/** The path of something that only exists while the connection does. */
export type Provided = Uploaded | PrivateDirectory;

/** The path of bytes that are sent to the host before the command runs. */
interface Uploaded {
  /** The bytes. */
  readonly upload: Upload;
}

/** The path of the connection's private directory. */
interface PrivateDirectory {
  /** Which ends with the connection. */
  readonly privateDirectory: true;
}

/** Bytes that a command needs on the host: they travel apart from its text, into a private file. */
export interface Upload {
  /** SHA-256, hexadecimal: also the name of the file. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
  /** The bytes in pieces, again each time. Rejects when they are no longer those of the digest. */
  read(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Where a connection keeps things on the host. Absolute paths. */
export interface Places {
  /** A private directory that ends with the connection. */
  readonly directory: string;
  /** Where uploads lie, each under its digest. */
  readonly uploads: string;
}

/** Names that stand for the places of any connection: the text of a command is the same with them at any time. */
export const ANYWHERE: Places = {directory: '/run/infra/CONNECTION', uploads: '/run/infra/UPLOADS'};
