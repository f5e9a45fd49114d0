import {onSignals} from './signals.js';

/** What the user was told to do by signals, as `Ctrl-C` sends them. */
export interface Stopper {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Called at each signal, with how many there were. */
  onSignal: (count: number) => void;
  /** The result of the work, or a rejection with `Stopped` at the first signal. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Signals do again what they do by default. */
  release(): void;
}

/** The user stopped the run before anything was begun. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** From now on the first two signals end nothing by themselves; a third one ends this process. */
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
