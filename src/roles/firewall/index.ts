import {covers, defineRole, distributionOf, parseClient, renderNetwork} from '../../model/index.js';
import {FIREWALL_FILE} from '../../tasks/firewall/state.js';
import {file, firewallRules, packages, service} from '../../tasks/index.js';
import {READABLE} from '../shared/managed.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';
import {allowedOn} from './allowed.js';
import {FirewallOptions} from './options.js';
import {renderRuleset} from './ruleset.js';

/**
 * A firewall by nftables: incoming packets are dropped, except for the ports that the playbook's roles declare on this
 * host and from the audiences that they declare, over IPv4 and IPv6. It owns the table `inet infra` and leaves all
 * other tables alone; another active firewall is refused. SSH stays open, always for the address that this run comes
 * from, and the host itself undoes a change of rules that blocks a new SSH connection.
 *
 * Throws `InputError` for audiences that the inventory does not have, or that have no IP address there.
 *
 * @example
 * firewall({ssh: {from: {network: '198.51.100.0/24'}}, allow: [{tcp: 9100, from: {host: 'monitor'}, because: 'metrics'}]})
 */
export const firewall = defineRole('firewall', FirewallOptions, (options, context) => {
  const {extra, ping, log, seconds} = options;
  const port = options.ssh.port ?? context.host.port;
  const {ssh, others} = allowedOn(port, options, context);
  const {from} = ssh;
  const client = parseClient(context.facts.client);
  return [
    packages(distributionOf(context.facts).packages.nftables),
    file({
      path: '/etc/systemd/system/infra-firewall.service',
      content: FIREWALL_UNIT,
      ...READABLE,
      notify: RELOAD_SYSTEMD,
    }),
    firewallRules({
      rules: renderRuleset({ssh: {...ssh, perMinute: options.ssh.perMinute}, allowed: others, extra, ping, log}),
      session: {
        client: client && renderNetwork(client),
        port,
        isLetIn: (address) => {
          const network = parseClient(address);
          return from === 'any' || network === undefined || from.some((each) => covers(each, network));
        },
      },
      seconds,
    }),
    service({name: 'infra-firewall'}),
  ];
});

/**
 * Loads the rules at boot, before any interface comes up. Debian's nftables.service flushes all tables when it starts,
 * stops and reloads: where it is used, this unit starts after it, and again when it is restarted or reloaded. Stopping
 * this unit leaves the rules.
 */
const FIREWALL_UNIT = `[Unit]
Description=Firewall rules of infra
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=nftables.service infra-guard-firewall-boot.service
Conflicts=shutdown.target
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${FIREWALL_FILE}
ExecReload=/usr/sbin/nft -f ${FIREWALL_FILE}

[Install]
WantedBy=sysinit.target
`;
