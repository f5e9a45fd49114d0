import {setTimeout as sleep} from 'node:timers/promises';
import {type Failure, type Guard, type Host, HostError, taskName} from '../model/index.js';
import type {Command, OutputLine} from '../shell/index.js';
import type {Connection, Transport} from '../transport/index.js';
import {confirmGuard, isRestored, WAITING} from './guard-commands.js';
import type {Entry} from './host-run.js';

/** A change that the host undoes by itself unless a new connection confirms it. */
export interface Guarded {
  readonly entry: Entry;
  readonly guard: Guard;
  /** The host that has to be reached, and how. */
  readonly host: Host;
  readonly transport: Transport;
}

/**
 * Runs a script with a guarded change; once the host says that it waits, a new connection is made which confirms the
 * change. `failed` is asked for the script's failure. Rejects with `HostError` `not-confirmed` when the host could not
 * be reached anew, after it was seen to have restored itself or could not be reached at all.
 */
export async function underGuard<T>(
  guarded: Guarded,
  run: (hear: (line: OutputLine) => void) => Promise<T>,
  failed: () => HostError | undefined,
): Promise<T> {
  let confirming: Promise<Failure | undefined> | undefined;
  const hear = ({text}: OutputLine) => {
    if (text === WAITING) confirming ??= confirmAnew(guarded);
  };
  try {
    const result = await run(hear);
    const refusal = failed() && (await confirming);
    if (refusal) throw notConfirmed(guarded, refusal, 'The host has put back what it had.');
    return result;
  } catch (error) {
    if (!(error instanceof HostError) || !isLost(error.failure)) throw error;
    const refusal = (await confirming) ?? error.failure;
    throw notConfirmed(guarded, refusal, await lookAfter(guarded));
  }
}

const isLost = ({reason}: Failure) => reason === 'connection-lost' || reason === 'timed-out';

/** Tries until the host restores itself. Returns why no connection could confirm the change, or undefined. */
async function confirmAnew(guarded: Guarded): Promise<Failure | undefined> {
  const {guard} = guarded;
  const ends = performance.now() + guard.seconds * 1000;
  let last: Failure | undefined;
  while (performance.now() < ends) {
    const refusal = await Promise.race([
      askAnew(guarded, confirmGuard(guard)),
      sleep(ends - performance.now(), TOO_LATE),
    ]);
    if (refusal === undefined) return undefined;
    last = telling(last, refusal);
    await sleep(PAUSE);
  }
  return last;
}

/** Of two reasons the later one, unless it says less: a host that restores itself refuses connections for a moment. */
function telling(earlier: Failure | undefined, later: Failure): Failure {
  return earlier && (later === TOO_LATE || later.reason === 'unreachable') ? earlier : later;
}

/** What became of a host whose connection broke while it waited. */
async function lookAfter(guarded: Guarded): Promise<string> {
  const {guard} = guarded;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if ((await askAnew(guarded, isRestored(guard))) === undefined) return 'The host has put back what it had.';
    await sleep(guard.seconds * 1000 * (1.5 / ATTEMPTS));
  }
  return `It is set to put back what it had ${guard.seconds} seconds after the change, and has not been seen to.`;
}

/** One command over a new connection; why it could not succeed, or undefined. */
async function askAnew({host, transport}: Guarded, command: Command): Promise<Failure | undefined> {
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
    hint: 'The change would have locked you out: mend it in the playbook, or the inventory if that is where the host moved to.',
    task: taskName(task),
    at: task.at,
  });
}

const TOO_LATE: Failure = {reason: 'timed-out', message: 'a new connection was not made in time'};

const REFUSED: Failure = {reason: 'command-failed', message: 'the host no longer waits for a confirmation'};

/** Milliseconds between two attempts. */
const PAUSE = 300;

/** To see that a host has restored itself. */
const ATTEMPTS = 10;
