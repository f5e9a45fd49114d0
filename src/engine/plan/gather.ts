import type {Reply} from '../../shell/index.js';
import type {CompiledPlay} from '../compile/compile.js';
import {type Connections, connectionFor, probeStep, runPlaced} from '../connect/placement.js';
import {type HostState, parseState, stateProbe} from '../lock/pending-handlers.js';

/** Seconds that a host may be silent while it is read, and that reading it may take in all: all others wait for it. */
const LIMITS = {silence: 300, within: 900};

/** The present state of a host, as it answered: one reply a task, in the order of the plays; undefined: no reply. */
export interface Gathered extends HostState {
  readonly replies: readonly (Reply | undefined)[];
}

/**
 * Sends every probe of a host in one script, one round trip; those of delegated tasks to their hosts. Rejects with
 * `HostError`, and with `UnreadableReply` when the host does not say what earlier runs left on it.
 */
export async function gather(connections: Connections, plays: readonly CompiledPlay[]): Promise<Gathered> {
  const probes = plays.flatMap(({tasks}) =>
    tasks.map(({task, question}) => ({on: connectionFor(connections, task), step: probeStep(question.probe)})),
  );
  const state = {on: connections.connection, step: probeStep(stateProbe)};
  const replies = await runPlaced([...probes, state], LIMITS);
  return {replies: replies.slice(0, -1), ...parseState(replies.at(-1))};
}
