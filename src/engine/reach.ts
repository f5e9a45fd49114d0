import {factsProbe, parseFacts} from '../facts/index.js';
import {type Facts, type Host, UnreadableReply} from '../model/index.js';
import type {Connection, Transport} from '../transport/index.js';
import {probeStep} from './gather.js';

/** A host that answers. */
export interface Reached {
  readonly connection: Connection;
  readonly facts: Facts;
}

/** Seconds for the first answer: a login that hangs is noticed early. */
const FACTS_TIMEOUT = 60;

/** Connects to a host and reads its facts. Rejects with `HostError`; nothing is left open then. */
export async function reach(host: Host, transport: Transport): Promise<Reached> {
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
