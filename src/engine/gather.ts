import type {Command, Reply, Step} from '../shell/index.js';
import type {Connection} from '../transport/index.js';
import type {CompiledPlay} from './compile.js';
import {pendingProbe} from './markers.js';

/** Seconds that reading a whole host may take. */
const GATHER_TIMEOUT = 300;

/** The present state of a host, as it answered: one reply a task, in the order of the plays. */
export interface Gathered {
  readonly replies: readonly Reply[];
  /** Ids of handlers that an earlier run left undone. */
  readonly pending: readonly string[];
}

/** Every probe of a host in one script, one round trip. Rejects with `HostError`. */
export async function gather(connection: Connection, plays: readonly CompiledPlay[]): Promise<Gathered> {
  const probes = plays.flatMap(({tasks}) => tasks.map(({question}) => probeStep(question.probe)));
  const replies = await connection.run([...probes, probeStep(pendingProbe)], {timeout: GATHER_TIMEOUT});
  const complete = replies.map((reply) => reply ?? NO_REPLY);
  return {replies: complete.slice(0, -1), pending: parsePending(complete.at(-1) ?? NO_REPLY)};
}

/** A probe never stops the ones after it. */
export function probeStep(command: Command): Step {
  return {command, required: false};
}

function parsePending({stdout}: Reply): string[] {
  return stdout.split('\n').flatMap((name) => (name === '' ? [] : [decodeURIComponent(name)]));
}

const NO_REPLY: Reply = {code: 255, stdout: '', stderr: 'the host gave no answer', truncated: false};
