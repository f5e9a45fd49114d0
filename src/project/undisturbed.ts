/** Signals that end a process from outside and can wait. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `act`, which must not wait for anything, and takes signals that come meanwhile when it is through: the process
 * then ends by the first one, unless somebody else takes care of it.
 */
export async function undisturbed(act: () => void): Promise<void> {
  const came: NodeJS.Signals[] = [];
  const note = (signal: NodeJS.Signals) => void came.push(signal);
  for (const signal of SIGNALS) process.on(signal, note);
  try {
    act();
    // Node tells of signals when it polls. The first turn may be the end of one that has polled already.
    await turn();
    await turn();
  } finally {
    for (const signal of SIGNALS) process.off(signal, note);
  }
  const [signal] = came;
  if (signal !== undefined && process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
