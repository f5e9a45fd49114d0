import {type Note, note, warning} from '../model/index.js';
import type {DatabaseSite} from './site.js';

/** What becomes of an acknowledged write when its server is lost, in one sentence. `acks`: replicas that it waits for. */
export function promiseOf({acks: wanted, degrades}: Pick<DatabaseSite, 'acks' | 'degrades'>, acks: number): string {
  if (wanted === 0) return 'Replication is asynchronous: an acknowledged write may be lost when the primary is lost.';
  if (acks === 0) {
    return 'No replica is left to acknowledge writes: one may be lost with the primary until a replica has rejoined.';
  }
  const who = acks === 1 ? 'a replica' : `${acks} replicas`;
  if (degrades) {
    return `Writes wait for ${who}, and go on without after a time-out: one that was acknowledged then may be lost.`;
  }
  return `Writes wait for ${who}: none that was acknowledged is lost with the primary alone.`;
}

/** The promise for a plan: a warning where writes wait for fewer replicas than the playbook says. */
export function promiseNote(site: Pick<DatabaseSite, 'acks' | 'degrades'>, acks: number): Note {
  return (acks < site.acks ? warning : note)(promiseOf(site, acks));
}
