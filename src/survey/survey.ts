import {factsProbe, parseFacts} from '../facts/index.js';
import {type Facts, type Host, HostError} from '../model/index.js';
import {type Command, type Reply, sh} from '../shell/index.js';
import type {Connection, Transport} from '../transport/index.js';
import {type Listener, listeningProbe, parseListening} from './listening.js';

/** What is found out about a server before anything is installed on it. */
export interface Survey {
  readonly facts: Facts;
  /** Bytes that may still be written below /var. */
  readonly freeBytes: number;
  /** Seconds by which its clock is ahead of this machine's. */
  readonly clockSkew: number;
  readonly listening: readonly Listener[];
}

export interface SurveyOptions {
  readonly transport: Transport;
  /** Ends the survey, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Until an address that does not answer is given up. Default 10. */
  readonly seconds?: number | undefined;
}

/**
 * Logs in, becomes root and looks around; changes nothing. Rejects with `HostError` as a run on that host would:
 * host key, login, sudo, operating system. The connection is closed then, too.
 */
export async function survey(host: Host, options: SurveyOptions): Promise<Survey> {
  try {
    return await visit(host, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function visit(host: Host, {transport, signal, seconds = 10}: SurveyOptions): Promise<Survey> {
  const connection = await transport.connect(host, {signal, seconds});
  try {
    return await look(connection);
  } finally {
    // The signal has closed it.
    if (!signal?.aborted) await connection.close();
  }
}

async function look(connection: Connection): Promise<Survey> {
  const [facts, space, listening] = await ask(connection, [factsProbe, spaceProbe, listeningProbe]);
  return {
    facts: parseFacts(answered(facts)),
    freeBytes: parseSpace(answered(space)),
    listening: parseListening(answered(listening).stdout),
    // Last, when the shell on the server runs already: its start would count as the way there.
    clockSkew: await readSkew(connection),
  };
}

const spaceProbe: Command = sh`df --block-size=1 --output=avail /var`;

/** The host's clock, against the middle of the time that the question took. */
async function readSkew(connection: Connection): Promise<number> {
  const asked = Date.now();
  const began = performance.now();
  const [reply] = await ask(connection, [sh`date +%s.%N`]);
  const answeredAt = asked + (performance.now() - began);
  return skewOf(asked, answeredAt, parseClock(answered(reply)));
}

/** Seconds since 1970. Throws `HostError`. */
export function parseClock({stdout}: Reply): number {
  const text = stdout.trim();
  if (!/^\d{1,12}\.\d{1,9}$/.test(text)) throw unread('the clock', stdout);
  return Number(text);
}

/** Seconds of `clock` ahead of the moment half way between `asked` and `answered`, both in milliseconds. */
export function skewOf(asked: number, answered: number, clock: number): number {
  return clock - (asked + answered) / 2000;
}

/** The last line, in bytes. Throws `HostError`. */
export function parseSpace({stdout}: Reply): number {
  const text = stdout.trim();
  const bytes = text.slice(text.lastIndexOf('\n') + 1).trim();
  if (!/^\d{1,15}$/.test(bytes)) throw unread('the free space of /var', stdout);
  return Number(bytes);
}

/** Seconds for the answers of a host that has let us in. */
const ANSWER_TIMEOUT = 20;

const ask = (connection: Connection, commands: readonly Command[]) =>
  connection.run(
    commands.map((command) => ({command, required: false, mode: 'probe' as const})),
    {within: ANSWER_TIMEOUT},
  );

function answered(reply: Reply | undefined): Reply {
  if (!reply) throw new HostError({reason: 'probe-failed', message: 'the server gave no answer'});
  return reply;
}

function unread(what: string, output: string): HostError {
  return new HostError({reason: 'probe-failed', message: `${what} cannot be read`, output});
}
