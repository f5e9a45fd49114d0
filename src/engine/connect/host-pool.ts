import {factsProbe, parseFacts} from '../../facts/index.js';
import {newQueue, type Queue} from '../../local/lock.js';
import {type Facts, type Host, UnreadableReply} from '../../model/index.js';
import type {Connection, Transport} from '../../transport/index.js';
import {type Delegate, probeStep} from './placement.js';

/** A host that is connected, and its facts. */
export interface ReachedHost {
  readonly connection: Connection;
  readonly facts: Facts;
}

/**
 * The hosts that a run needs, each connected once: those it is about, those whose facts others need, and those to which
 * tasks are delegated. Scripts for one host run one after another, whichever host they are for.
 */
export class HostPool {
  readonly #reach: (host: Host) => Promise<ReachedHost>;
  readonly #reached = new Map<string, Promise<ReachedHost>>();
  readonly #queues = new Map<string, Queue>();
  #closed: Promise<void> | undefined;

  constructor(reach: (host: Host) => Promise<ReachedHost>) {
    this.#reach = reach;
  }

  /** Rejects with `HostError`. */
  reach(host: Host): Promise<ReachedHost> {
    const reaching = this.#reached.get(host.name) ?? this.#reach(host).then(oneScriptAtATime);
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
function oneScriptAtATime({connection, facts}: ReachedHost): ReachedHost {
  const after = newQueue();
  const shared: Connection = {
    ...connection,
    run: (steps, options) => after(() => connection.run(steps, options)),
    keep: (command, options) => after(() => connection.keep(command, options)),
  };
  return {connection: shared, facts};
}

/** Seconds for the first answer: a login that hangs is noticed early. */
const FACTS_TIMEOUT = 60;

/** Connects to a host and reads its facts. Rejects with `HostError`; nothing is left open then. */
export async function reach(host: Host, transport: Transport): Promise<ReachedHost> {
  const connection = await transport.connect(host);
  try {
    const [reply] = await connection.run([probeStep(factsProbe)], {within: FACTS_TIMEOUT});
    if (!reply) throw new UnreadableReply('the host gave no answer');
    return {connection, facts: parseFacts(reply)};
  } catch (error) {
    await connection.close();
    throw error;
  }
}
