import {newQueue, type Queue} from '../local/queue.js';
import type {Host} from '../model/index.js';
import type {Connection} from '../transport/index.js';
import type {Delegate} from './links.js';
import type {Reached} from './reach.js';

/**
 * The hosts that a run has to do with, each reached once, whoever asks: those it is about, those of which others need
 * facts, and those to which tasks are delegated. Scripts of several askers run on a host one after another.
 */
export class Fleet {
  readonly #reach: (host: Host) => Promise<Reached>;
  readonly #reached = new Map<string, Promise<Reached>>();
  readonly #queues = new Map<string, Queue>();
  #closed: Promise<void> | undefined;

  constructor(reach: (host: Host) => Promise<Reached>) {
    this.#reach = reach;
  }

  /** Rejects with `HostError`. */
  reach(host: Host): Promise<Reached> {
    const reaching = this.#reached.get(host.name) ?? this.#reach(host).then(inTurn);
    this.#reached.set(host.name, reaching);
    return reaching;
  }

  /** A host for tasks of other hosts. Rejects with `HostError`. */
  async delegate(host: Host): Promise<Delegate> {
    const {connection} = await this.reach(host);
    const alone = this.#queues.get(host.name) ?? newQueue();
    this.#queues.set(host.name, alone);
    return {host, connection, alone};
  }

  /** Ends all connections. Never rejects. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    const settled = await Promise.allSettled(this.#reached.values());
    await Promise.all(settled.map((each) => each.status === 'fulfilled' && each.value.connection.close()));
  }
}

/** A shell takes one script at a time. */
function inTurn({connection, facts}: Reached): Reached {
  const after = newQueue();
  const shared: Connection = {
    ...connection,
    run: (steps, options) => after(() => connection.run(steps, options)),
    keep: (command, options) => after(() => connection.keep(command, options)),
  };
  return {connection: shared, facts};
}
