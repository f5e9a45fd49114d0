/** Where the two sides of a seed keep what must not outlive a restart of the host: the key, the programs, the meter. */
export const RUN = '/run/infra-seed';

/** Where they keep how far they are. Only root may enter. */
export const STATE = '/var/lib/infra/database/seed';

/** Where the recipient has how far it is: one of {@link PHASES}. */
export const RECIPIENT_PHASE = `${STATE}/receive`;

/** The port at which a server waits for its copy, and only then: that of Galera's state transfers. */
export const SEED_PORT = 4444;

/** Which side of a seed a host is on. */
export type SeedRole = 'receive' | 'send';

/** The transient unit that does the work: it goes on when the connection of infra ends. */
export function unitOf(role: SeedRole): string {
  return `infra-seed-${role}`;
}

/**
 * How far a side is, as `STATE/ROLE` has it. The sender: `sending`, `sent`. The recipient: `listening`, `receiving`,
 * `preparing`, `ready` (a whole copy next to the data directory), `moving-out`, `moving-in` (the copy takes the place of
 * the data), `placed` (it is in place, and the server knows its position), `done`. Both: `none`, `failed`.
 */
export const PHASES = [
  ...['none', 'failed', 'sending', 'sent', 'listening', 'receiving', 'preparing', 'ready'],
  ...['moving-out', 'moving-in', 'placed', 'done'],
] as const;

export type SeedPhase = (typeof PHASES)[number];
