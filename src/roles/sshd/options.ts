import {z} from 'zod';
import {audiences, optionsOf, port} from '../shared/options.js';
import {withoutRules} from '../shared/rules.js';
import {SSHD_RULES} from './rules.js';

const names = z
  .array(z.string('must be text').regex(/^[^\s#"]+$/, 'must be a name'), 'must be a list of names')
  .min(1, 'names nobody: leave it out');

/** What sshd can be told. */
export const SshdOptions = optionsOf({
  /**
   * Where it listens, 22 and all others. Default: as the host is set up, which is taken to be the inventory's port. To
   * move it: name both, apply, change the inventory's port, then name the new one alone.
   */
  ports: z.array(port, 'must be a list of ports').min(1, 'needs at least one port').optional(),
  /** Who may connect, for the firewall. Default everybody, limited in rate. */
  from: audiences.default(['any']),
  /** Only these users may log in. The user of the inventory has to be among them. */
  allowUsers: names.optional(),
  /** Only members of these groups may log in. */
  allowGroups: names.optional(),
  /** Networks that OpenSSH 9.8 and newer never makes wait after failed logins, such as that of the operators. */
  unpunished: names.optional(),
  /** A text shown before every login. Default none. */
  banner: z.string('must be text').min(1, 'is empty').optional(),
  /** Lines of one's own, as in sshd_config(5). They win over the rules. `Match` blocks come last. */
  extra: z.array(z.string('must be text').regex(/^[^\n]*$/, 'must be one line'), 'must be a list of lines').default([]),
  /** Rules to leave out by name. */
  without: withoutRules(SSHD_RULES),
  /** Seconds that a new connection has to prove a change, or the host takes it back. Default 30. */
  confirmWithin: z.int('must be a whole number').min(5, 'must be 5 to 3600').max(3600, 'must be 5 to 3600').default(30),
});

export type SshdSettings = z.output<typeof SshdOptions>;
