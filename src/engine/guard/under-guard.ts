import {setTimeout as sleep} from 'node:timers/promises';
import {type Failure, type Guard, type Host, HostError, taskName} from '../../model/index.js';
import type {Command, OutputLine} from '../../shell/index.js';
import type {Connection, Transport} from '../../transport/index.js';
import type {TaskEntry} from '../host-run.js';
import {confirmGuard, isRestored, WAITING} from './guard-commands.js';

/** A change that the host undoes unless a new connection confirms it. */
export interface Guarded {
  readonly entry: TaskEntry;
  readonly guard: Guard;
  /** The host that has to be reached, and how. */
  readonly host: Host;
  readonly transport: Transport;
}

/**
 * Runs a script with a guarded change; once the host says that it waits, a new connection is made which confirms the
 * change. `failed` returns the failure of the script. Rejects with `HostError` `not-confirmed` when no new connection
 * could be made, after the host was seen to have restored itself or could not be reached at all.
 */
export async function underGuard<T>(
  guarded: Guarded,
  run: (onLine: (line: OutputLine) => void) => Promise<T>,
  failed: () => HostError | undefined,
): Promise<T> {
  let confirming: Promise<Failure | undefined> | undefined;
  const onLine = ({text}: OutputLine) => {
    if (text === WAITING) confirming ??= confirmOverNewConnection(guarded);
  };
  try {
    const result = await run(onLine);
    const refusal = failed() && (await confirming);
    if (refusal) throw notConfirmed(guarded, refusal, 'The host has restored its earlier state.');
    return result;
  } catch (error) {
    if (!(error instanceof HostError) || !isLost(error.failure)) throw error;
    const refusal = (await confirming) ?? error.failure;
    throw notConfirmed(guarded, refusal, await restoredOrNot(guarded));
  }
}

const isLost = ({reason}: Failure) => reason === 'connection-lost' || reason === 'timed-out';

/** Tries until the host restores itself. Returns why no connection could confirm the change, or undefined. */
async function confirmOverNewConnection(guarded: Guarded): Promise<Failure | undefined> {
  const {guard} = guarded;
  const ends = performance.now() + guard.seconds * 1000;
  let last: Failure | undefined;
  while (performance.now() < ends) {
    const refusal = await Promise.race([
      runOverNewConnection(guarded, confirmGuard(guard)),
      sleep(ends - performance.now(), TOO_LATE),
    ]);
    if (refusal === undefined) return undefined;
    last = moreSpecific(last, refusal);
    await sleep(PAUSE);
  }
  return last;
}

/** The later of two reasons, unless it says less: a host that restores itself refuses connections for a moment. */
function moreSpecific(earlier: Failure | undefined, later: Failure): Failure {
  return earlier && (later === TOO_LATE || later.reason === 'unreachable') ? earlier : later;
}

/** Whether a host whose connection broke while it waited has restored itself, as a sentence. */
async function restoredOrNot(guarded: Guarded): Promise<string> {
  const {guard} = guarded;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if ((await runOverNewConnection(guarded, isRestored(guard))) === undefined)
      return 'The host has restored its earlier state.';
    await sleep(guard.seconds * 1000 * (1.5 / ATTEMPTS));
  }
  return `It restores its earlier state ${guard.seconds} seconds after the change, but that could not be checked.`;
}

/** Runs one command over a new connection. Returns why it did not succeed, or undefined. */
async function runOverNewConnection({host, transport}: Guarded, command: Command): Promise<Failure | undefined> {
  let connection: Connection | undefined;
  try {
    connection = await transport.connect(host);
    const [reply] = await connection.run([{command, required: true}], {within: 20});
    return reply?.code === 0 ? undefined : REFUSED;
  } catch (error) {
    if (error instanceof HostError) return error.failure;
    throw error;
  } finally {
    await connection?.close();
  }
}

function notConfirmed({entry, guard, host}: Guarded, refusal: Failure, outcome: string): HostError {
  const {task} = entry.open;
  return new HostError({
    reason: 'not-confirmed',
    message: `after the change of the ${guard.name}, ${host.name} could not be reached over a new connection (${refusal.message}). ${outcome}`,
    hint: 'The change would have locked you out. Fix it in the playbook, or fix the address in the inventory if the host has moved.',
    task: taskName(task),
    at: task.at,
  });
}

const TOO_LATE: Failure = {reason: 'timed-out', message: 'a new connection was not made in time'};

const REFUSED: Failure = {reason: 'command-failed', message: 'the host no longer waits for a confirmation'};

/** Milliseconds between two attempts. */
const PAUSE = 300;

/** Attempts to see that a host has restored itself. */
const ATTEMPTS = 10;
