import {Refusal} from '../../model/index.js';
import {type Command, sh} from '../../shell/index.js';

/** Prints `other NAME` for each firewall beside ours that is active, or will be at the next boot. */
export const probeOthers: Command = sh`if [ -x /usr/sbin/ufw ] && grep -qs ^ENABLED=yes /etc/ufw/ufw.conf; then echo 'other ufw'; fi
if [ -x /usr/sbin/firewalld ] && { systemctl -q is-active firewalld || systemctl -q is-enabled firewalld; }; then echo 'other firewalld'; fi
nft list chains 2>/dev/null | while read -r a b c d; do case "$a $b $c $d" in
"table "*) t="$b $c";; *"hook input "*"policy drop;"*) [ "$t" = 'inet infra' ] || echo "other table $t";; esac; done`;

/**
 * A packet has to pass every firewall, so two of them contradict each other. Throws `Refusal` with the way out for the
 * first of what {@link probeOthers} named: ufw and firewalld make tables too.
 */
export function refuseOthers(others: readonly string[]): void {
  const [other] = others;
  if (other === undefined) return;
  const [what, wayOut] = WAYS_OUT[other] ?? [
    `the ${other} drops what comes in by default`,
    `Find out whose it is (nft list ${other}), declare what it lets in with firewall({allow: […]}), and remove it: nft delete ${other}; at boot it may come from nftables.service or netfilter-persistent.`,
  ];
  throw new Refusal(`${what}, and a packet would have to pass both firewalls`, wayOut);
}

const WAYS_OUT: Readonly<Record<string, readonly [what: string, wayOut: string]>> = {
  ufw: [
    'ufw is active on this host',
    'Declare what it lets in (ufw status) with firewall({allow: […]}), then on the host: ufw disable',
  ],
  firewalld: [
    'firewalld is active on this host',
    'Declare what it lets in (firewall-cmd --list-all) with firewall({allow: […]}), then on the host: systemctl disable --now firewalld',
  ],
};
