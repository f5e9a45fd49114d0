import {z} from 'zod';
import {audiences, optionsOf, port} from '../shared/options.js';
import {withoutRules} from '../shared/rules.js';
import {SSHD_RULES} from './rules.js';

const names = z
  .array(z.string('must be text').regex(/^[^\s#"]+$/, 'must be a name'), 'must be a list of names')
  .min(1, 'must not be empty: leave it out');

/** The options of sshd. */
export const SshdOptions = optionsOf({
  /**
   * All ports on which it listens, 22 too. Default: unchanged, which should be the inventory's port. To move it: name
   * both ports, apply, change the inventory's port, then name the new one alone.
   */
  ports: z.array(port, 'must be a list of ports').min(1, 'needs at least one port').optional(),
  /** Who may connect, for the firewall. Default everyone, with a limited rate. */
  from: audiences.default(['any']),
  /** Only these users may log in. The user of the inventory must be one of them. */
  allowUsers: names.optional(),
  /** Only members of these groups may log in. */
  allowGroups: names.optional(),
  /** Networks that OpenSSH 9.8 and newer never delays after failed logins, such as that of the operators. */
  unpunished: names.optional(),
  /** A text that is shown before every login. Default none. */
  banner: z.string('must be text').min(1, 'is empty').optional(),
  /** Your own lines, as in sshd_config(5). They win over the rules. `Match` blocks come last. */
  extra: z.array(z.string('must be text').regex(/^[^\n]*$/, 'must be one line'), 'must be a list of lines').default([]),
  /** Rules to leave out by name. */
  without: withoutRules(SSHD_RULES),
  /** Seconds until the host undoes a change, unless a new connection succeeds. Default 30. */
  confirmWithin: z.int('must be a whole number').min(5, 'must be 5 to 3600').max(3600, 'must be 5 to 3600').default(30),
});

/** The options with all defaults. */
export type SshdSettings = z.output<typeof SshdOptions>;
