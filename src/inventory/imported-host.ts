/** A server that another tool knows, as far as it is of use to a new project. */
export interface ImportedHost {
  /** Fit to be a host's name in an inventory. */
  readonly name: string;
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  /** Private key file, as written: `~` is possible, else absolute. It was there when this was read. */
  readonly identityFile?: string | undefined;
  /** Names of the groups it is in, the outermost first, without `all`. */
  readonly groups: readonly string[];
  /** Other names for the same server. */
  readonly aliases?: readonly string[] | undefined;
  /** What could not be taken over, in sentences without a full stop. The same one may stand at several hosts. */
  readonly notes: readonly string[];
}

/** A host's name made of what may be an address or a word with other characters. */
export function hostName(text: string): string {
  const plain = text.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[.-]+|-+$/g, '');
  return plain === '' ? 'host' : plain;
}
