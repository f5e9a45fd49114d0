import {check} from '../../model/index.js';

/** Where SSH connections of infra come from. */
export interface Session {
  /** Of this run; undefined when it needs no rule, as on the host itself. */
  readonly client: string | undefined;
  /** Where sshd listens. */
  readonly port: number;
  /** Whether the rules let an address in to SSH anyway. */
  isLetIn(address: string): boolean;
}

/** What it must be. */
export const session = check.custom<Session>(
  'a session',
  undefined,
  (value) => check.isObject(value) && 'port' in value,
);

/** The line of a set of rules that stands for those of sessions. */
export const SESSIONS = '# sessions';

/**
 * The rules with one for each address that infra was run from and that nothing else lets in. Addresses of earlier runs,
 * which stand in the present file, are kept: or two people would take turns in locking each other out.
 */
export function withSessions(rules: string, session: Session, present = ''): string {
  const earlier = [...present.matchAll(RULE)].map(([, address = '']) => address);
  const addresses = new Set([...earlier, ...(session.client === undefined ? [] : [session.client])]);
  const needed = [...addresses].filter((address) => !session.isLetIn(address));
  const lines = needed.map((address) => ruleFor(address, session.port));
  return rules
    .split('\n')
    .flatMap((line) => (line.trim() === SESSIONS ? lines : [line]))
    .join('\n');
}

function ruleFor(address: string, port: number): string {
  return `\t\t${address.includes(':') ? 'ip6' : 'ip'} saddr ${address} tcp dport ${port} accept ${COMMENT}`;
}

const COMMENT = 'comment "SSH: infra was run from here"';

const RULE = new RegExp(`^[ \\t]*ip6? saddr (\\S+) tcp dport \\d+ accept ${COMMENT}$`, 'gm');
