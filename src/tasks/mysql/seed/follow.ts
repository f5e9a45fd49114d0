import {type Command, sh, showAs} from '../../../shell/index.js';
import {RECIPIENT_PHASE, type SeedPhase, type SeedRole} from './places.js';
import {FOLLOW} from './programs.js';

/**
 * Says how far a side is, every two seconds, until it has come to one of `ends`: bytes, part of `size`, rate and time
 * left. Fails with the reason when the side has failed. It only watches: ending it ends nothing on the host.
 */
export function follow(role: SeedRole, ends: readonly SeedPhase[], size: number): Command {
  return showAs(`wait until ${ends.join(' or ')}`, sh`perl -e ${FOLLOW} ${role} ${ends.join(',')} ${Math.round(size)}`);
}

/** Prints how far the recipient is. */
export const recipientPhase: Command = sh`cat ${RECIPIENT_PHASE} 2>/dev/null || echo none`;
