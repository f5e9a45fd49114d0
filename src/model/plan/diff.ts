/**
 * One attribute that differs, as people may see it: plain data without a secret, made once by `diff/` and drawn by
 * every renderer. Its texts are visible text.
 */
export type Diff = {readonly name: string} & DiffBody;

/** How the difference of an attribute is shown. */
export type DiffBody =
  /** A short value. Left out: that side is not shown, as for a thing that comes or goes. `null`: it has none. */
  | {readonly kind: 'value'; readonly before?: DiffValue; readonly after?: DiffValue}
  /** The items added to a list and removed from it. */
  | {readonly kind: 'items'; readonly added: readonly string[]; readonly removed: readonly string[]}
  /**
   * A secret. `changes`: there is one before and after. `lines`: how many a content has, `changed`: how many of them
   * differ.
   */
  | {readonly kind: 'hidden'; readonly changes: boolean; readonly lines?: number; readonly changed?: number}
  /** Contents that cannot be shown as text, `because` they are large, binary or not here. */
  | {
      readonly kind: 'digests';
      readonly before?: DiffDigest;
      readonly after?: DiffDigest;
      readonly because: string;
    }
  /** A content that comes or goes, with its lines and how many these are. `crlf`: they end with CRLF. */
  | {readonly kind: 'lines'; readonly count: number; readonly rows: readonly DiffRow[]; readonly crlf: boolean}
  /** A text that changes, as a unified diff. `ends`: all its lines ended otherwise, which the hunks leave out. */
  | {
      readonly kind: 'hunks';
      /** What the diff is of: a path, or a thing and its attribute. */
      readonly title: string;
      readonly ends?: LineEnds;
      readonly hunks: readonly DiffHunk[];
    }
  /** The first part of another one, of which `left` lines were not kept; none of it was when `kept` is left out. */
  | {readonly kind: 'cut'; readonly kept?: DiffBody; readonly left: number};

/** A value that is short enough for a line, and `null` for none. */
export type DiffValue = string | number | boolean | readonly string[] | null;

/** A content by size in bytes and SHA-256; or that it is secret. */
export type DiffDigest = {readonly size: number; readonly sha256: string} | 'secret';

/** How all lines of a content end, before and after, and how many there are now. */
export interface LineEnds {
  readonly before: LineEnd;
  readonly after: LineEnd;
  readonly lines: number;
}

export type LineEnd = 'LF' | 'CRLF';

/** A stretch of differences with equal lines around them. */
export interface DiffHunk {
  readonly before: LineRange;
  readonly after: LineRange;
  readonly rows: readonly DiffRow[];
}

/**
 * A number of lines from this one on, counted from 1. An empty range names the line before it, as in the unified
 * format.
 */
export interface LineRange {
  readonly from: number;
  readonly count: number;
}

/** A line of a text that stays, goes or comes. */
export interface DiffRow {
  readonly sign: ' ' | '-' | '+';
  /** Joined they are the line. */
  readonly pieces: readonly DiffPiece[];
  /** It is the last one, and lacks its line break. */
  readonly unended?: true;
}

/** A stretch of a line. */
export interface DiffPiece {
  readonly text: string;
  /** It differs from the line that this one replaces, or that replaces this one. */
  readonly changed?: true;
  /** It stands for a secret. */
  readonly masked?: true;
}

/** A task or handler of a saved plan that is no longer as it was when the plan was made. */
export interface Drift {
  /** `type id`. */
  readonly task: string;
  readonly play?: string;
  /** What cannot be shown as a change of attributes. */
  readonly note?: string;
  /** What differs, from the planned state to the present one. */
  readonly changes?: readonly Diff[];
}
