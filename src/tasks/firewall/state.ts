import {dirname} from 'node:path/posix';
import {Content, Refusal, UnreadableReply} from '../../model/index.js';
import {type Command, type Reply, raw, sh} from '../../shell/index.js';

/** The rules of a host, as they are loaded at boot. */
export const FIREWALL_FILE = '/etc/infra-firewall.nft';

/** What the kernel held after it had loaded the file, below `# ` and the file's SHA-256. */
export const RECORD = '/var/lib/infra/firewall';

/**
 * The loaded table without what changes by itself (counters, addresses of clients) and with numbers for protocols, so
 * that it reads the same at any time and can be loaded again. Newer versions count a set's addresses all the same.
 * Prints nothing where there is no such table.
 */
export const LIST = raw(
  `nft --stateless --terse --numeric-protocol list table inet infra 2>/dev/null | sed 's/[[:space:]]*# count [0-9]*$//'`,
);

/** The file that puts these rules in the place of the table, all at once or not at all. */
export function renderFile(rules: string): string {
  return `#!/usr/sbin/nft -f
# The firewall of this host, made by infra; what is changed here is undone.
# It is one table, replaced as a whole. Tables of others are left alone.
table inet infra
delete table inet infra
table inet infra {
${rules}}
`;
}

/** The firewall of a host. */
export interface FirewallState {
  /** Of the file. */
  readonly content: Content;
  readonly mode: string;
  readonly owner: string;
  /** What the kernel has: {@link AS_IN_FILE}, else what it has instead. */
  readonly loaded: Content | string;
  /** What the kernel had when the present file was loaded. */
  readonly record: Content;
}

export const AS_IN_FILE = 'as in the file';

/** Prints `other NAME` for each firewall besides ours that is active, or will be at the next boot. */
const probeOthers: Command = sh`if [ -x /usr/sbin/ufw ] && grep -qs ^ENABLED=yes /etc/ufw/ufw.conf; then echo 'other ufw'; fi
if [ -x /usr/sbin/firewalld ] && { systemctl -q is-active firewalld || systemctl -q is-enabled firewalld; }; then echo 'other firewalld'; fi
nft list chains 2>/dev/null | while read -r a b c d; do case "$a $b $c $d" in
"table "*) t="$b $c";; *"hook input "*"policy drop;"*) [ "$t" = 'inet infra' ] || echo "other table $t";; esac; done`;

/** Reads the file, and the loaded table where it is not what the file came to when it was loaded. */
export const probeFirewall: Command = sh`${probeOthers}
[ ! -d ${dirname(RECORD)} ] || [ -x ${dirname(RECORD)} ] || exec stat -- ${RECORD}
f=${FIREWALL_FILE}; h=
if [ -f "$f" ]; then
echo "owner $(stat -c '%a %U:%G' -- "$f")"
echo "content $(base64 -w0 <"$f")"
h=$(sha256sum <"$f" | cut -c 1-64)
fi
l=$(${LIST})
r=$(cat ${RECORD} 2>/dev/null)
if [ "$l" ] && [ "$r" = "# $h
$l" ]; then echo loaded
else
[ ! "$l" ] || echo "table $(printf '%s\n' "$l" | base64 -w0)"
case $r in "# $h"*) echo "record $(printf '%s\n' "$r" | base64 -w0)";; esac
fi`;

/** Throws `Refusal` where another firewall is active. */
export function parseFirewall({stdout, stderr, code}: Reply): Partial<FirewallState> | null {
  if (code !== 0) throw new UnreadableReply(stderr.trim() || `the probe ended with code ${code}`);
  const lines = stdout.split('\n').map((line) => [line.replace(/ .*/, ''), line.replace(/^\S* ?/, '')] as const);
  const answerTo = (word: string) => lines.find(([first]) => first === word)?.[1];
  refuseOthers(lines.flatMap(([word, value]) => (word === 'other' ? [value] : [])));
  const [content, table, record] = ['content', 'table', 'record'].map((word) => contentOf(answerTo(word)));
  if (content === undefined && table === undefined) return null;
  const [mode, owner] = answerTo('owner')?.split(' ') ?? [];
  return {
    ...(content && {content}),
    ...(mode && {mode: mode.padStart(4, '0')}),
    ...(owner && {owner}),
    loaded: answerTo('loaded') === undefined ? otherwise(table, record) : AS_IN_FILE,
    ...(record && {record: withoutFirstLine(record)}),
  };
}

/** The table itself only where it can be compared. */
function otherwise(table: Content | undefined, record: Content | undefined): Content | string {
  if (table === undefined) return 'nothing';
  return record === undefined ? 'not as in the file' : table;
}

function contentOf(base64: string | undefined): Content | undefined {
  return base64 === undefined ? undefined : Content.of(Buffer.from(base64, 'base64'));
}

const withoutFirstLine = ({bytes}: Content) => Content.of(String(bytes).replace(/^.*\n/, ''));

/**
 * A packet has to pass every firewall, so two of them contradict each other. Throws `Refusal` with the next step for
 * the first of what {@link probeOthers} named: ufw and firewalld make tables too.
 */
function refuseOthers(others: readonly string[]): void {
  const [other] = others;
  if (other === undefined) return;
  const [what, nextStep] = NEXT_STEPS[other] ?? [
    `the ${other} drops incoming packets by default`,
    `Find out which program made it (nft list ${other}), declare what it lets in with firewall({allow: […]}), and remove it: nft delete ${other}; at boot it may come from nftables.service or netfilter-persistent.`,
  ];
  throw new Refusal(`${what}, and a packet would have to pass both firewalls`, nextStep);
}

const NEXT_STEPS: Readonly<Record<string, readonly [what: string, nextStep: string]>> = {
  ufw: [
    'ufw is active on this host',
    'Declare what it lets in (ufw status) with firewall({allow: […]}), then on the host: ufw disable',
  ],
  firewalld: [
    'firewalld is active on this host',
    'Declare what it lets in (firewall-cmd --list-all) with firewall({allow: […]}), then on the host: systemctl disable --now firewalld',
  ],
};
