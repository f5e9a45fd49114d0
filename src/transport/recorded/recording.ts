import {z} from 'zod';
import type {Failure} from '../../model/index.js';

/** What hosts answer, by name. It survives JSON. */
export interface Recording {
  readonly hosts: Readonly<Record<string, RecordedHost>>;
}

export interface RecordedHost {
  /**
   * What each attempt to connect comes to, `null` for a connection; the last is for all attempts after it. Default: all
   * connect.
   */
  readonly connects?: readonly (Failure | null)[] | undefined;
  /** A step gets the first that fits its command and is not used up. */
  readonly answers: readonly RecordedAnswer[];
}

/** A reply to a step, or what comes in its place. */
export interface RecordedAnswer {
  /** A part of the text of the commands that it answers. Default: every command. */
  readonly to?: string | undefined;
  /** Exit code. Default 0. */
  readonly code?: number | undefined;
  /** Default: nothing. */
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  readonly truncated?: boolean | undefined;
  /** Of standard output where the text above is not what was printed, hexadecimal. */
  readonly sha256?: string | undefined;
  /** How many steps get it. Default: no end. */
  readonly times?: number | undefined;
  /** Seconds that the step takes, after it has printed everything. Default 0. */
  readonly seconds?: number | undefined;
  /** In place of a reply: the connection fails so, or the host says nothing more. */
  readonly instead?: Failure | 'silence' | undefined;
}

const failure = z.looseObject({reason: z.string(), message: z.string()});

const answer = z.strictObject({
  to: z.string().optional(),
  code: z.int().min(0).max(255).optional(),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
  truncated: z.boolean().optional(),
  sha256: z.string().optional(),
  times: z.int().min(1).optional(),
  seconds: z.number().min(0).optional(),
  instead: z.union([failure, z.literal('silence')]).optional(),
});

const recording = z.strictObject({
  hosts: z.record(
    z.string(),
    z.strictObject({connects: z.array(failure.nullable()).optional(), answers: z.array(answer)}),
  ),
});

/** From JSON. Throws an error that says what is wrong and where. */
export function parseRecording(text: string): Recording {
  const {error, data} = recording.safeParse(JSON.parse(text));
  if (error) throw new Error(`This is not a recording of hosts. ${z.prettifyError(error)}`);
  // Reasons of failures are compared with nothing here: an unknown one is shown as it is.
  return data as Recording;
}

/** As JSON that people can edit. It holds whatever the hosts answered, and so may hold secrets of theirs. */
export function renderRecording(value: Recording): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
