import {hash} from 'node:crypto';

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
  /** SHA-256 of standard output, hexadecimal, where that was not UTF-8 and the text is not what was printed. */
  readonly sha256?: string;
}

/** What is kept of a reply to tell whether another one is the same: exit code and standard output. */
export interface Answer {
  readonly code: number;
  /** SHA-256 of what was printed, hexadecimal. */
  readonly sha256: string;
}

/** What is to be kept of a reply. */
export function answerOf({code, stdout, sha256}: Reply): Answer {
  return {code, sha256: sha256 ?? sha256Of(stdout)};
}

/** Stands for a reply that was compared on the host, found as expected, and stayed there. */
export const AS_EXPECTED: Reply = Object.freeze({code: 0, stdout: '', stderr: '', truncated: false});

/** A reply from the bytes that came. */
export function replyOf(code: number, stdout: Buffer, stderr: Buffer, truncated: boolean): Reply {
  const text = stdout.toString();
  const reply = {code, stdout: text, stderr: stderr.toString(), truncated};
  return text.includes('\u{FFFD}') ? {...reply, sha256: sha256Of(stdout)} : reply;
}

const sha256Of = (bytes: string | Buffer) => hash('sha256', bytes, 'hex');
