import {z} from 'zod';
import type {Failure} from '../../model/index.js';
import {AS_EXPECTED, type Reply, type ShellStep} from '../../shell/index.js';
import type {Connection, Transport} from '../transport.js';

/** The answers of hosts, by name. It survives JSON. */
export interface Recording {
  readonly hosts: Readonly<Record<string, RecordedHost>>;
}

/** The answers of one host. */
export interface RecordedHost {
  /**
   * The result of each attempt to connect, `null` for a connection; the last holds for all later attempts. Default: all
   * attempts connect.
   */
  readonly connects?: readonly (Failure | null)[] | undefined;
  /** A step gets the first answer that fits its command and is not used up. */
  readonly answers: readonly RecordedAnswer[];
}

/** A reply to a step, or what comes in its place. */
export interface RecordedAnswer {
  /** A part of the text of the commands that this answers. Default: every command. */
  readonly to?: string | undefined;
  /** Exit code. Default 0. */
  readonly code?: number | undefined;
  /** Default: nothing. */
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  readonly truncated?: boolean | undefined;
  /** The digest of standard output where the text above is not what was printed, in hexadecimal. */
  readonly sha256?: string | undefined;
  /** How many steps get it. Default: any number. */
  readonly times?: number | undefined;
  /** Seconds that the step takes, after it has printed everything. Default 0. */
  readonly seconds?: number | undefined;
  /** Instead of a reply: the connection fails with this, or the host says nothing more. */
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
  // The reasons of failures are not checked: an unknown one is shown as it is.
  return data as Recording;
}

/** As JSON that people can edit. It holds all that the hosts answered, so it may hold secrets. */
export function renderRecording(value: Recording): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A transport that notes every answer. */
export interface Recorder extends Transport {
  /** All answers so far. */
  recording(): Recording;
}

/**
 * Adds a note of every answer to a transport, so that a run can be played again without its hosts. A kept command is
 * noted by its first line, because the text of a lock holds the time. Replies may hold secrets.
 */
export function record(transport: Transport): Recorder {
  const hosts = new Map<string, RecordedAnswer[]>();
  return {
    recording: () => ({
      hosts: Object.fromEntries([...hosts].map(([name, answers]) => [name, {answers: [...answers]}])),
    }),
    connect: async (host, options) => {
      const connection = await transport.connect(host, options);
      const answers = hosts.get(host.name) ?? [];
      hosts.set(host.name, answers);
      return noting(connection, (answer) => void answers.push({...answer, times: 1}));
    },
  };
}

function noting(connection: Connection, note: (answer: RecordedAnswer) => void): Connection {
  return {
    ...connection,
    run: (steps, options = {}) =>
      connection.run(steps, {
        ...options,
        onEvent: (event) => {
          const step = event.type === 'ended' ? steps[event.step] : undefined;
          if (event.type === 'ended' && step) note({to: String(step.command), ...answerTo(step, event.reply)});
          options.onEvent?.(event);
        },
      }),
    keep: async (command, options) => {
      const reply = await connection.keep(command, options);
      const [line = ''] = String(command).split('\n');
      note({to: line, ...reply});
      return reply;
    },
  };
}

/** An answer that the host compared is known only by what it was compared with. */
const answerTo = ({expect}: ShellStep, reply: Reply): RecordedAnswer =>
  reply === AS_EXPECTED && expect ? expect : reply;
