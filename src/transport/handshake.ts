import {BrokenFrame, Greeting, type Places} from '../shell/index.js';

/** The start of a remote shell: it has answered when its greeting has arrived on both output streams. */
export class Handshake {
  readonly nonce: string;
  /** Resolves with the directories of the connection on the host. */
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
    // A failure reaches those who wait for it; often there is nobody.
    this.ready.catch(() => {});
  }

  /** The part of a chunk that comes after the greeting. Throws `BrokenFrame` when there cannot be a greeting. */
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

  /** The last output of the host before it answered. */
  said(): string {
    return `${this.#greetings.stderr.said()}${this.#greetings.stdout.said()}`;
  }
}

const NOTHING = Buffer.alloc(0);
