import {Unknown, UnreadableReply} from '../../../model/index.js';
import {type Command, type Reply, sh} from '../../../shell/index.js';
import {readServer} from '../client.js';
import {parseReplica, replicaProbe} from '../replica-status.js';
import {PHASES, RECIPIENT_PHASE, type SeedPhase, unitOf} from './places.js';

/** How far the seed of a server is, as the server itself has it. */
export interface SeedRecipient {
  readonly phase: SeedPhase;
  /** Whether the program that waits or receives runs. */
  readonly isActive: boolean;
  /** It holds no database of a user, and nothing came to it by replication. */
  readonly isNew: boolean;
}

/** Asks how far a seed is, and whether the server holds data. */
export function recipientProbe(): Command {
  return sh`printf 'seed_phase: %s\nseed_unit: %s\n' "$(cat ${RECIPIENT_PHASE} 2>/dev/null || echo none)" "$(systemctl is-active ${unitOf('receive')}.service)"
${replicaProbe()}`;
}

/**
 * While the data directory is being replaced the server is stopped, and what it holds is not asked. Throws
 * `UnreadableReply`.
 */
export function parseRecipient(reply: Reply): SeedRecipient | Unknown {
  const word = /^seed_phase: (.*)$/m.exec(reply.stdout)?.[1] ?? '';
  const phase = PHASES.find((each) => each === word);
  if (phase === undefined) throw new UnreadableReply(`the phase of the seed is "${word}"`);
  const isActive = /^seed_unit: active$/m.test(reply.stdout);
  if (IN_PLACE.includes(phase)) return {phase, isActive, isNew: true};
  const server = readServer({...reply, stdout: reply.stdout.replaceAll(/^seed_\w+: .*\n/gm, '')});
  if (server instanceof Unknown) return server;
  const {databases, replication, hasApplied, hasWritten} = parseReplica(reply);
  return {phase, isActive, isNew: databases.length === 0 && !replication && !(hasApplied && !hasWritten)};
}

const IN_PLACE: readonly SeedPhase[] = ['moving-out', 'moving-in', 'placed'];

/** Whether a copy is on its way to the server, has come, or is being put in place. */
export function isUnderWay({phase, isActive}: SeedRecipient): boolean {
  if (phase === 'receiving' || phase === 'preparing') return isActive;
  return phase === 'ready' || IN_PLACE.includes(phase);
}
