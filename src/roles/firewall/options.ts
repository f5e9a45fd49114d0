import {z} from 'zod';
import {type Listening, listens} from '../../model/index.js';
import {audiences, audiencesOrNone, optionsOf, port} from '../shared/options.js';

const ports = z.union([port, z.array(port).min(1)], {error: 'must be a port or a list of ports'});

const opening = optionsOf({
  /** TCP ports. */
  tcp: ports.optional(),
  /** UDP ports. */
  udp: ports.optional(),
  /** Number of an IP protocol without ports. */
  protocol: z.int().min(1).max(255).optional(),
  /** Who may connect. */
  from: audiences,
  /** The purpose in a few words: it becomes a comment in the rules. */
  because: z.string('must say what it is for').min(1, 'must say what it is for'),
}).transform((spec, {addIssue}): readonly Listening[] => {
  const {tcp, udp, protocol, from, because} = spec;
  if (tcp === undefined && udp === undefined && protocol === undefined) {
    addIssue({code: 'custom', message: 'needs tcp, udp or protocol'});
    return z.NEVER;
  }
  const given = {...(tcp && {tcp}), ...(udp && {udp}), ...(protocol && {protocol})};
  return listens({...given, from, because});
});

/** A rule of the input chain in the language of nft. It closes all braces that it opens. */
const ownRule = z
  .string('must be a rule in the language of nft')
  .refine((rule) => !/[\n#]/.test(rule) && isBalanced(rule), 'must be one rule of one line, without a comment after #');

/** The options of the firewall. */
export const FirewallOptions = optionsOf({
  /** SSH. */
  ssh: optionsOf({
    /** Who may connect; replaces what roles declare. Default: what roles declare, `any` where none does. */
    from: audiencesOrNone.optional(),
    /** The port on which the host listens. Default: the port of the inventory. */
    port: port.optional(),
    /**
     * New connections a minute from one address where everyone may connect, twice as many at once; 0: no limit. Default
     * 30.
     */
    perMinute: z.int('must be a whole number').min(0, 'must be 0 or more').default(30),
  }).prefault({}),
  /** Openings besides those that roles declare. */
  allow: z
    .array(opening)
    .default([])
    .transform((lists) => lists.flat()),
  /** Your own rules in the language of nft, which come before all rules that accept connections. */
  extra: z.array(ownRule).default([]),
  /** Answer ping, at most ten times a second in total. Default true. */
  ping: z.boolean('must be true or false').default(true),
  /** Log refused packets in the kernel's log, at most ten a minute. Default true. */
  log: z.boolean('must be true or false').default(true),
  /** Seconds until the host restores the old rules, unless a new SSH connection succeeds. Default 30. */
  seconds: z.int('must be a whole number').min(5, 'must be 5 to 600').max(600, 'must be 5 to 600').default(30),
});

/** The options with all defaults. */
export type FirewallSettings = z.output<typeof FirewallOptions>;

function isBalanced(rule: string): boolean {
  let depth = 0;
  for (const mark of rule.replaceAll(/"[^"]*"/g, '')) {
    if (mark === '{') depth += 1;
    if (mark === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
