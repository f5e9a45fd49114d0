import {connect} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';

/** One moment of the schedule: which of the addresses answered, in their order. */
export interface Beat {
  /** Milliseconds since the load began. */
  readonly at: number;
  readonly answered: readonly boolean[];
}

/** A load that goes on until it is ended. */
export interface SteadyLoad {
  /** Waits for the last answers and gives all that happened. */
  end(): Promise<readonly Beat[]>;
}

const PER_SECOND = 50;
const TIMEOUT_MS = 1000;

/**
 * Asks port 80 of every address for `/` 50 times a second, each time over a new connection and by the clock, whatever
 * becomes of the requests before. What is not answered with 200 within a second is lost.
 */
export function startLoad(addresses: readonly string[]): SteadyLoad {
  const started = performance.now();
  const beats: Promise<Beat>[] = [];
  let ended = false;
  const running = (async () => {
    while (!ended) {
      const due = Math.floor(((performance.now() - started) * PER_SECOND) / 1000);
      while (beats.length < due) beats.push(beat(addresses, performance.now() - started));
      await sleep(5);
    }
  })();
  const end = async () => {
    ended = true;
    await running;
    return Promise.all(beats);
  };
  return {end};
}

/**
 * The moments at which the first address did not answer although the second did: what a stall of this machine costs
 * does not count as a loss.
 */
export function lost(beats: readonly Beat[]): readonly Beat[] {
  return beats.filter(({answered: [first, second]}) => first === false && second === true);
}

async function beat(addresses: readonly string[], at: number): Promise<Beat> {
  return {at, answered: await Promise.all(addresses.map(isAnswered))};
}

function isAnswered(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({host, port: 80});
    let text = '';
    const finish = (answered: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answered);
    };
    const timer = setTimeout(() => finish(false), TIMEOUT_MS);
    socket.setEncoding('latin1').on('data', (more: string) => {
      text += more;
    });
    socket
      .on('error', () => finish(false))
      .on('end', () => finish(text.startsWith('HTTP/1.1 200 ') && text.includes('\r\n\r\n')));
    socket.write('GET / HTTP/1.1\r\nHost: load\r\nConnection: close\r\n\r\n');
  });
}
