import {hash} from 'node:crypto';
import {type Command, quote} from './command.js';
import type {Places, Upload} from './provided.js';

/** One command of a script. */
export interface ShellStep {
  readonly command: Command;
  /** When it fails, nothing after it runs. Probes continue, changes stop. */
  readonly required: boolean;
  /**
   * `probe`: it only reads, so that many are answered at once, and it may write no file above 32 MiB. `live`: its output
   * comes line by line while it runs. Left out: its output comes when it has ended.
   */
  readonly mode?: 'probe' | 'live' | undefined;
  /** The answer that it must give, else nothing after it runs. When it does, its reply is `AS_EXPECTED`. */
  readonly expect?: Answer | undefined;
}

/** A script for the remote loop of `transport/bootstrap.ts`, whose functions it calls. */
export interface Script {
  readonly text: string;
  /** What has to be on the host before it begins; each once. */
  readonly uploads: readonly Upload[];
}

export interface ScriptOptions {
  /** The number of the first step. Default 0. */
  readonly first?: number | undefined;
  /** Of the connection that runs it. */
  readonly places?: Places | undefined;
  /** It ends before its next change once the run was asked to stop. Default false. */
  readonly stoppable?: boolean | undefined;
  /** Its steps run in the remote loop itself: files they open stay open. They must not exit. Default false. */
  readonly kept?: boolean | undefined;
}

/**
 * Many commands as one script, numbered from `first`. Each is one quoted word, evaluated in a clean subshell: whatever
 * its text, it can break, see or forge no other.
 */
export function renderScript(
  steps: readonly ShellStep[],
  {first = 0, places, stoppable = false, kept = false}: ScriptOptions = {},
): Script {
  const lines = steps.map((step, index) => {
    const text = quote(step.command.reveal(places));
    const stop = step.required || step.expect ? ' || end' : '';
    const check = stoppable && step.mode !== 'probe' && !step.expect ? 'stopped;' : '';
    return `${check}${kept ? 'kept' : verbOf(step)} ${first + index} ${text}${expectation(step)}${stop}`;
  });
  const uploads = new Map(steps.flatMap(({command}) => command.uploads.map((each) => [each.sha256, each])));
  return {text: [...lines, 'flush'].join('\n'), uploads: [...uploads.values()]};
}

function verbOf({mode, expect}: ShellStep): string {
  if (expect) return 'expect';
  return mode ?? 'quiet';
}

function expectation({expect}: ShellStep): string {
  return expect === undefined ? '' : ` ${expect.code} ${expect.sha256}`;
}

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

/** What is kept of a reply to see whether another one is the same: exit code and standard output. */
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

/** `KEY=value` lines, as `systemctl show` or `/etc/os-release` print them. Surrounding double quotes are taken off. */
export function parseKeyValues(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const at = line.indexOf('=');
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1).replace(/^"(.*)"$/, '$1')]] : [];
  });
  return Object.fromEntries(pairs);
}
