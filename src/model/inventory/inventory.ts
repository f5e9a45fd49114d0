import type {Host} from './host.js';

/** The servers and groups of one inventory file, in the order written. */
export interface Inventory {
  /** The file it was loaded from. */
  readonly file: string;
  /** All files it was made from: this one first, then those of `group_vars/` and `host_vars/` beside it. Absolute paths. */
  readonly files: readonly string[];
  /** Every host once. */
  readonly hosts: readonly Host[];
  /** Hosts of each group, `all` included, those of child groups too. */
  readonly groups: ReadonlyMap<string, readonly Host[]>;
}
