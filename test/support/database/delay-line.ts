import type {Socket} from 'node:net';

/** Bytes in flight in one direction, beyond which the sender waits, as it does for a window of TCP. */
const MOST_IN_FLIGHT = 8 * 2 ** 20;

interface Parcel {
  /** On the clock of `performance.now()`. */
  readonly due: number;
  /** `end`: the sender has closed its side; `reset`: it has vanished. */
  readonly load: Buffer | 'end' | 'reset';
}

/** One direction of a connection: what goes in comes out after a delay, in its order. */
export class DelayLine {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #delay: () => number;
  readonly #flight: Parcel[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #state: 'open' | 'frozen' | 'dead' = 'open';

  constructor(from: Socket, to: Socket, delay: () => number) {
    this.#from = from;
    this.#to = to;
    this.#delay = delay;
    from.on('data', (chunk: Buffer) => this.#send(chunk));
    from.on('end', () => this.#send('end'));
    from.on('close', (failed) => failed && this.#send('reset'));
    to.on('drain', () => this.#deliver());
  }

  /** Nothing comes out until `thaw`; nothing is lost: TCP sends again what a cut cable has lost. */
  freeze(): void {
    if (this.#state === 'open') this.#state = 'frozen';
  }

  thaw(): void {
    if (this.#state === 'frozen') this.#state = 'open';
    this.#deliver();
  }

  /** What is in flight is lost, and nothing ever comes out again: the sender has lost its power. */
  lose(): void {
    this.#state = 'dead';
    this.#flight.length = 0;
    this.#from.resume();
  }

  #send(load: Parcel['load']): void {
    if (this.#state === 'dead') return;
    this.#flight.push({due: performance.now() + this.#delay(), load});
    this.#bytes += load.length;
    if (this.#bytes > MOST_IN_FLIGHT) this.#from.pause();
    this.#deliver();
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    while (this.#state === 'open' && !this.#to.writableNeedDrain) {
      const next = this.#flight[0];
      if (next === undefined) return;
      const wait = next.due - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#deliver(), wait);
        return;
      }
      this.#flight.shift();
      this.#bytes -= next.load.length;
      if (this.#bytes <= MOST_IN_FLIGHT) this.#from.resume();
      this.#hand(next.load);
    }
  }

  #hand(load: Parcel['load']): void {
    if (this.#to.destroyed) return;
    if (load === 'end') this.#to.end();
    else if (load === 'reset') this.#to.resetAndDestroy();
    else this.#to.write(load);
  }
}
