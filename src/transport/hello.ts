import {BrokenFrame, Greeting, type Places} from '../shell/index.js';

/** The beginning of a remote shell: it has answered when both output streams have brought its greeting. */
export class Hello {
  readonly nonce: string;
  /** Settles with where the connection keeps things on the host. */
  readonly ready: Promise<Places>;
  places: Places | undefined;
  readonly #greetings: {readonly stdout: Greeting; readonly stderr: Greeting};
  #resolve: (places: Places) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(nonce: string) {
    this.nonce = nonce;
    this.#greetings = {stdout: new Greeting(nonce), stderr: new Greeting(nonce)};
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever waits for it hears of a failure; often nobody does any more.
    this.ready.catch(() => {});
  }

  /** What of a chunk comes after the greeting. Throws `BrokenFrame` when none can be meant. */
  hear(stream: 'stdout' | 'stderr', chunk: Buffer): Buffer {
    const rest = this.#greetings[stream].push(chunk);
    const {stdout, stderr} = this.#greetings;
    if (this.places === undefined && stdout.found !== undefined && stderr.found !== undefined) {
      const [directory, uploads] = stdout.found.split(' ').filter((path) => /^\/[\w./-]+$/.test(path));
      if (!directory || !uploads) throw new BrokenFrame('it names no directories');
      this.places = {directory, uploads};
      this.#resolve(this.places);
    }
    return rest ?? NOTHING;
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  /** The last that the host said before it answered. */
  said(): string {
    return `${this.#greetings.stderr.said()}${this.#greetings.stdout.said()}`;
  }
}

const NOTHING = Buffer.alloc(0);
