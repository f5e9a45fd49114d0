import {ANYTHING, Content, check, defineTask, type Guard, optionsOf} from '../../model/index.js';
import {keepOld, putBackOld, raw, sh, showAs} from '../../shell/index.js';
import {seconds} from '../shared/checks.js';
import {INVALID_CONTENT, writeFile} from '../shared/write.js';
import {
  AS_IN_FILE,
  FIREWALL_FILE,
  type FirewallState,
  LIST,
  parseFirewall,
  probeFirewall,
  RECORD,
  renderFile,
} from './state.js';

export interface FirewallRulesSpec {
  /**
   * What stands within `table inet infra {}`, in the language of nft; a line `# sessions` stands for those of
   * `session`.
   */
  readonly rules: string;
  /** The address that this run comes from, which is let in when no rule lets it in. */
  readonly session?: SshSession;
  /** Until the host puts the old rules back, unless a new SSH connection succeeds. Default 30. */
  readonly seconds?: number;
}

/** Where SSH connections of infra come from. */
interface SshSession {
  /** Of this run; undefined when it needs no rule, as on the host itself. */
  readonly client: string | undefined;
  /** Where sshd listens. */
  readonly port: number;
  /** Whether the rules let an address in to SSH anyway. */
  isLetIn(address: string): boolean;
}

/** What it must be. */
const session = check.custom<SshSession>('a session', undefined, (value) => check.isObject(value) && 'port' in value);

/**
 * The table `inet infra`, now and in the file that is loaded at boot. Its state is the file *and* what the kernel has:
 * rules that somebody adds, a flush or a deletion by hand show as drift. A change is checked, loaded at once as a
 * whole, and kept only when a new SSH connection gets through; else the host puts table and file back
 * (`not-confirmed`).
 *
 * @example
 * firewallRules({rules: 'chain input { type filter hook input priority 0; tcp dport 25 drop; }'})
 */
export const firewallRules = defineTask<FirewallRulesSpec, FirewallState>({
  type: 'firewallRules',
  options: optionsOf<FirewallRulesSpec>({rules: check.text, session: check.optional(session), seconds}),
  id: () => 'inet infra',
  affects: () => [ANYTHING, FIREWALL_FILE],
  probe: () => probeFirewall,
  parse: parseFirewall,
  desire,
  change: (spec, _, present) => {
    const content = contentFor(spec, present);
    return [
      writeFile({
        path: FIREWALL_FILE,
        content,
        to: {mode: '0644', owner: 'root', group: 'root'},
        validate: (path) => sh`nft -c -f ${path} && nft -f ${path}`,
      }),
      showAs(
        `record the loaded rules in ${RECORD}`,
        sh`(umask 077; mkdir -p /var/lib/infra && l=$(${LIST}) && [ "$l" ] && printf '# %s\n%s\n' ${content.sha256} "$l" >${RECORD}.new && mv -f -- ${RECORD}.new ${RECORD})`,
      ),
    ];
  },
  guard: ({seconds = 30}) => ({...GUARD, seconds}),
  hint: ({stderr}) =>
    stderr.includes(INVALID_CONTENT)
      ? 'The old rules are as they were. nft names the line: fix the rule that it comes from (extra, allow).'
      : undefined,
});

function contentFor({rules, session}: FirewallRulesSpec, present: Partial<FirewallState> | null): Content {
  const old = String(present?.content?.bytes ?? '');
  return Content.of(renderFile(session ? withSessions(rules, session, old) : rules));
}

/**
 * The rules with one for each address that infra was run from and that nothing else lets in. Addresses of earlier runs,
 * which stand in the present file, are kept: or two people would take turns in locking each other out.
 */
function withSessions(rules: string, session: SshSession, present = ''): string {
  const earlier = [...present.matchAll(RULE)].map(([, address = '']) => address);
  const addresses = new Set([...earlier, ...(session.client === undefined ? [] : [session.client])]);
  const needed = [...addresses].filter((address) => !session.isLetIn(address));
  const lines = needed.map((address) => ruleFor(address, session.port));
  return rules
    .split('\n')
    .flatMap((line) => (line.trim() === SESSIONS ? lines : [line]))
    .join('\n');
}

/** The line of a set of rules that stands for those of sessions. */
export const SESSIONS = '# sessions';

function ruleFor(address: string, port: number): string {
  return `\t\t${address.includes(':') ? 'ip6' : 'ip'} saddr ${address} tcp dport ${port} accept ${COMMENT}`;
}

const COMMENT = 'comment "SSH: infra was run from here"';

const RULE = new RegExp(`^[ \\t]*ip6? saddr (\\S+) tcp dport \\d+ accept ${COMMENT}$`, 'gm');

/** Where the file changes, the loaded rules change with it and are not compared. */
function desire(spec: FirewallRulesSpec, present: Partial<FirewallState> | null): Partial<FirewallState> {
  const content = contentFor(spec, present);
  const desired = {content, ...(present?.content && {mode: '0644', owner: 'root:root'})};
  if (present?.content?.sha256 !== content.sha256) return desired;
  return {...desired, loaded: (present.loaded instanceof Content && present.record) || AS_IN_FILE};
}

/** Below the directory of the guard, `$g`. */
const KEPT = {old: raw('"$g/old-$n"'), none: raw('"$g/none-$n"')};

const GUARD: Omit<Guard, 'seconds'> = {
  name: 'firewall',
  keep: sh`${LIST} >table
g=$PWD; for x in ${[FIREWALL_FILE, RECORD]}; do ${keepOld(raw('"$x"'), KEPT)} || exit; done`,
  restore: sh`g=$PWD; for x in ${[FIREWALL_FILE, RECORD]}; do ${putBackOld(raw('"$x"'), KEPT)} || exit; done`,
  // Without a table the host can be reached; with half of one perhaps not.
  activate: sh`{ echo 'table inet infra'; echo 'delete table inet infra'; cat table; } | nft -f - || nft delete table inet infra`,
};
