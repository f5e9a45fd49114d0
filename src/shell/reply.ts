/** What one command of a script answered. Text is UTF-8; a command that must pass other bytes sends base64. */
export interface Reply {
  /** Exit code, 0 to 255. */
  readonly code: number;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
  /** True when output beyond the reader's limit was dropped (the last part is kept). */
  readonly truncated: boolean;
}
