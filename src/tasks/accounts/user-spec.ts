/** A user as wished. What is left out is left as it is. */
export interface UserSpec {
  /** As in `/etc/passwd`. */
  readonly name: string;
  /** The user's number. */
  readonly uid?: number;
  /** Primary group, by name. Left out: a new user gets the group of its own name, made when it is missing. */
  readonly group?: string;
  /** Further groups, in any order. The user is a member of at least these. */
  readonly groups?: readonly string[];
  /** The user leaves all groups that `groups` does not name. */
  readonly exactGroups?: boolean;
  /** For an existing user the entry alone is changed; nothing is moved. */
  readonly home?: string;
  /** Absolute path of the login shell. */
  readonly shell?: string;
  /** The full name, or what the account is for. */
  readonly comment?: string;
  /** Only when the user is made: take a number from the range of system users, without a home unless `createHome`. */
  readonly system?: boolean;
  /** Only when the user is made. Default: true, false for a system user. */
  readonly createHome?: boolean;
  /** `absent` leaves the home as it is, unless `removeHome`. */
  readonly state?: 'present' | 'absent';
  /** With `absent`: delete the home and the mail spool too. */
  readonly removeHome?: boolean;
}

/** A user on the host. */
export interface UserState {
  readonly uid: number;
  readonly group: string;
  /** Without the primary group, sorted. */
  readonly groups: readonly string[];
  readonly home: string;
  readonly shell: string;
  readonly comment: string;
}
