/** Transactions of one origin that one side has and the other lacks. */
export interface GtidRange {
  /** `UUID` or `UUID:TAG` of MySQL; `DOMAIN-SERVER` of MariaDB: the server that wrote the last one of the range. */
  readonly source: string;
  /** The first sequence number that may be missing; undefined where the servers' answers do not tell. */
  readonly from: bigint | undefined;
  readonly to: bigint;
}

/** What one side has and the other lacks. */
export interface GtidDifference {
  /**
   * 0: nothing. Exact for MySQL; for MariaDB at most this many, as sequence numbers may have gaps. `unknown`: the
   * answers do not tell, and it may be none: treat it as transactions that are missing.
   */
  readonly count: number | 'unknown';
  readonly ranges: readonly GtidRange[];
  /** For people, such as `0-1-451…500`; for MySQL a set as its functions take it. Empty for nothing. */
  readonly text: string;
}
