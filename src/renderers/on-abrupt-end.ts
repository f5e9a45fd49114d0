/** Signals that end a process from outside. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `restore` when the process exits in the middle, or gets a signal that nobody else takes care of, and then lets
 * it die of it. Returns the way to take this back.
 */
export function onAbruptEnd(restore: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return;
    restore();
    process.kill(process.pid, signal);
  };
  process.on('exit', restore);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    process.off('exit', restore);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
