import {factsProbe, parseFacts} from '../facts/index.js';
import {type Facts, type Host, HostError} from '../model/index.js';
import {type Command, type Reply, sh} from '../shell/index.js';
import type {Connection, Transport} from '../transport/index.js';

/** A TCP port on which a server listens, on any of its addresses. */
export interface ListeningPort {
  readonly port: number;
  /** Name of the process, `apache2`; empty where it cannot be found out. */
  readonly program: string;
  /** The system's unit that the process belongs to, `apache2.service`; empty where it belongs to none. */
  readonly unit: string;
}

/** What is found out about a server before anything is installed on it. */
export interface Survey {
  readonly facts: Facts;
  /** Bytes that may still be written below /var. */
  readonly freeBytes: number;
  /** Seconds by which its clock is ahead of this machine's. */
  readonly clockSkew: number;
  readonly listening: readonly ListeningPort[];
}

export interface SurveyOptions {
  readonly transport: Transport;
  /** Ends the survey, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Until an address that does not answer is given up. Default 10. */
  readonly seconds?: number | undefined;
}

/**
 * Logs in, becomes root and reads; changes nothing. Rejects with `HostError` as a run on that host would: host key,
 * login, sudo, operating system. The connection is closed then, too.
 */
export async function survey(host: Host, options: SurveyOptions): Promise<Survey> {
  try {
    return await connectAndRead(host, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function connectAndRead(host: Host, {transport, signal, seconds = 10}: SurveyOptions): Promise<Survey> {
  const connection = await transport.connect(host, {signal, seconds});
  try {
    return await readSurvey(connection);
  } finally {
    // The signal closes it by itself.
    if (!signal?.aborted) await connection.close();
  }
}

async function readSurvey(connection: Connection): Promise<Survey> {
  const [facts, space, listening] = await ask(connection, [factsProbe, spaceProbe, listeningProbe]);
  return {
    facts: parseFacts(answered(facts)),
    freeBytes: parseSpace(answered(space)),
    listening: parseListening(answered(listening).stdout),
    // Last, when the shell on the server runs already: its start would count as network delay.
    clockSkew: await readSkew(connection),
  };
}

const spaceProbe: Command = sh`df --block-size=1 --output=avail /var`;

/** The host's clock, compared with the middle of the time that the question took. */
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

/** Seconds by which `clock` is ahead of the middle between `asked` and `answered`, both in milliseconds. */
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

/** Seconds that a host has for its answers after the login. */
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

/**
 * Prints `socket ADDRESS:PORT INODE` for each listening TCP socket and `holder socket:[INODE] CGROUP PROGRAM` for each
 * process that holds one. From /proc alone, as `ss` is not everywhere: proc(5), proc_pid_net(5); state 0A is LISTEN.
 */
const listeningProbe: Command = sh`set --
for table in /proc/net/tcp /proc/net/tcp6; do
  [ -r "$table" ] || continue
  while read -r slot local remote state queue timer retransmit uid timeout inode rest; do
    [ "$state" = 0A ] || continue
    printf 'socket %s %s\n' "$local" "$inode"
    set -- "$@" -e "socket:[$inode]"
  done <"$table"
done
[ "$1" ] || exit 0
find /proc/[0-9]*/fd -lname 'socket:*' -printf '%l %h/..\n' 2>/dev/null | grep -F "$@" | sort -u |
while read -r socket process; do
  { read -r program <"$process/comm" && group=$(grep '^0::' "$process/cgroup"); } 2>/dev/null || continue
  printf 'holder %s %s %s\n' "$socket" "$group" "$program"
done`;

/** In the order of the ports, each program once. Lines of another form are skipped. */
export function parseListening(text: string): readonly ListeningPort[] {
  const sockets = [...text.matchAll(/^socket [\dA-F]{1,32}:([\dA-F]{4}) (\d{1,20})$/gm)];
  const ports = new Map(sockets.map(([, port = '', inode = '']) => [inode, Number.parseInt(port, 16)]));
  const free = new Map(ports);
  const held = [...text.matchAll(/^holder socket:\[(\d{1,20})\] 0::(\S*) (.*)$/gm)].flatMap(([, inode = '', ...by]) => {
    const port = ports.get(inode);
    free.delete(inode);
    const [group = '', program = ''] = by;
    return port === undefined ? [] : [{port, program, unit: unitOf(group)}];
  });
  const listeners = [...held, ...[...free.values()].map((port) => ({port, program: '', unit: ''}))];
  const distinct = new Map(listeners.map((listener) => [Object.values(listener).join(' '), listener]));
  return [...distinct.values()].sort((left, right) => left.port - right.port);
}

/** The unit, if it is one of the system itself: `/system.slice/a.slice/b.service`. */
function unitOf(group: string): string {
  return /^\/system\.slice\/(?:[^/]+\.slice\/)*([^/]+\.service)/.exec(group)?.[1] ?? '';
}
