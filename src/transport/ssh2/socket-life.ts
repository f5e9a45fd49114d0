import type {Socket} from 'node:net';

/** Bytes that may wait in this process for a socket. */
const MOST_WAITING = 64 * 1024;

/** Bytes that are waiting for a host which sends requests and takes none of the answers to them. */
const MOST_UNTAKEN = 16 * 1024 * 1024;

/** Seconds without a byte of a host, which is asked every ten, until it is taken for gone. */
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
 * Closes the socket when nothing comes any more, or the host takes nothing of what it asks for. Answers to keep-alives count as much as data: a host whose link is slow
 * and busy answers late, and yet says something.
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
