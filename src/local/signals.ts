/**
 * Gives signals to `receive`; they do not end the process until the function that this returns is called. For work
 * that must be undone even when a signal ends the process, use `onExit` of the package signal-exit.
 */
export function onSignals(names: readonly NodeJS.Signals[], receive: (signal: NodeJS.Signals) => void): () => void {
  for (const name of names) process.on(name, receive);
  return () => {
    for (const name of names) process.off(name, receive);
  };
}

/**
 * Calls `act`, which must not wait for anything, and lets signals that come in the meantime take effect when it has
 * returned: the process then ends by the first one, unless something else listens to it.
 */
export async function holdSignals(act: () => void): Promise<void> {
  const came: NodeJS.Signals[] = [];
  const release = onSignals(ENDING, (signal) => void came.push(signal));
  try {
    act();
    // Node reports signals when it polls. The first turn may be the rest of one that has polled already.
    await turn();
    await turn();
  } finally {
    release();
  }
  const [signal] = came;
  if (signal !== undefined && process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

/** Signals that end a process: of Ctrl-C, of `kill` and service managers, of a terminal that is closed. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Does what Ctrl-C does, where a prompt has caught the key. */
export const interrupt = (): void => void process.kill(process.pid, 'SIGINT');

/** Stops this process, as Ctrl-Z does, until the shell continues it; returns then. */
export const suspend = (): void => void process.kill(process.pid, 'SIGSTOP');

/** Requests of the user to stop, by signals such as that of Ctrl-C. */
export interface Stopper {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Called at each signal, with how many there were. */
  onSignal: (count: number) => void;
  /** The result of the work, or a rejection with `Stopped` at the first signal. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Gives signals their default effect again. */
  release(): void;
}

/** The user stopped the run before anything was begun. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** From now on the first two signals do not end this process; a third one does. */
export function catchSignals(): Stopper {
  const controller = new AbortController();
  let count = 0;
  const receive = () => {
    count += 1;
    controller.abort();
    stopper.onSignal(count);
    if (count === 2) stopper.release();
  };
  const stopper: Stopper = {
    signal: controller.signal,
    onSignal: () => {},
    race: (work) => raceAgainst(work, controller.signal),
    release: onSignals(['SIGINT', 'SIGTERM'], receive),
  };
  return stopper;
}

function raceAgainst<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(new Stopped());
    signal.addEventListener('abort', () => reject(new Stopped()), {once: true});
    work.then(resolve, reject);
  });
}
