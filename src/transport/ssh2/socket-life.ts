import type {Socket} from 'node:net';

/** Bytes that may wait in this process for a socket. */
const MOST_WAITING = 64 * 1024;

/** Bytes that may wait for a host that sends requests and does not read the answers. */
const MOST_UNTAKEN = 16 * 1024 * 1024;

/** Seconds without a byte from a host, which gets a keep-alive every ten, after which the connection counts as lost. */
const SILENCE = 60;

/** Resolves when the socket takes more, or is closed. */
export function flowOf(socket: Socket): () => Promise<void> {
  return async () => {
    if (socket.writableLength < MOST_WAITING || socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        socket.off('drain', go);
        socket.off('close', go);
        resolve();
      };
      socket.on('drain', go);
      socket.on('close', go);
    });
  };
}

/**
 * Closes the socket when the host sends nothing for a minute, or does not read what it asks for. Answers to keep-alives
 * count as much as data: a host with a slow and busy link answers late, but it does send something.
 */
export function watchLife(socket: Socket): void {
  let [seen, since] = [socket.bytesRead, performance.now()];
  const timer = setInterval(() => {
    const now = performance.now();
    if (socket.writableLength > MOST_UNTAKEN) socket.destroy();
    else if (socket.bytesRead !== seen) [seen, since] = [socket.bytesRead, now];
    else if (now - since > SILENCE * 1000) socket.destroy();
  }, 5000);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}
