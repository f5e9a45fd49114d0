/** Signals that end a process from outside: of Ctrl-C, of `kill` and service managers, of a terminal that is closed. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Gives signals to `receive`; they end nothing by themselves until the function that this returns is called. What must
 * be undone even when the process dies of a signal is for `onExit` of the package signal-exit.
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
    // Node tells of signals when it polls. The first turn may be the end of one that has polled already.
    await turn();
    await turn();
  } finally {
    release();
  }
  const [signal] = came;
  if (signal !== undefined && process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Does what Ctrl-C does, where a prompt has taken the key for itself. */
export const interrupt = (): void => void process.kill(process.pid, 'SIGINT');
