import {
  covers,
  defineRole,
  distributionOf,
  type Opening,
  parseClient,
  type RoleContext,
  renderNetwork,
} from '../../model/index.js';
import {FIREWALL_FILE} from '../../tasks/firewall/state.js';
import {file, firewallRules, packages, service} from '../../tasks/index.js';
import {READABLE} from '../shared/managed.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';
import {sourcesOf} from '../shared/sources.js';
import {FirewallOptions, type FirewallSettings} from './options.js';
import {type Allowed, renderRuleset} from './ruleset.js';

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

/** The connections that a host accepts: SSH on its port, and all others. */
interface AllowedConnections {
  readonly ssh: Allowed;
  readonly others: readonly Allowed[];
}

/**
 * The connections that the host's roles and the options allow. SSH is always one of them: for the audience of the
 * options, else for the audiences that roles declare for its port, else for everyone. Throws `InputError` as
 * {@link sourcesOf} does.
 */
function allowedOn(port: number, {ssh, allow}: FirewallSettings, context: RoleContext): AllowedConnections {
  const openings = [...context.openings(), ...allow.map((each): Opening => ({...each, role: ''}))];
  const declared = openings.filter((each) => each.listens === 'tcp' && each.ports.includes(port));
  const from = ssh.from ?? declared.flatMap((each) => each.from);
  const others = openings.map((each) => without(each, port)).filter((each) => each !== undefined);
  return {
    ssh: {
      listens: 'tcp',
      ports: [port],
      from: declared.length === 0 && ssh.from === undefined ? 'any' : sourcesOf(from, context),
      comment: commentOf(declared[0]) ?? 'SSH',
    },
    others: others.map((each) => ({...each, from: sourcesOf(each.from, context), comment: commentOf(each) ?? ''})),
  };
}

/** The opening without the port of SSH, which has rules of its own; undefined when no port remains. */
function without(opening: Opening, port: number): Opening | undefined {
  if (opening.listens !== 'tcp' || !opening.ports.includes(port)) return opening;
  const ports = opening.ports.filter((each) => each !== port);
  return ports.length === 0 ? undefined : {...opening, ports};
}

function commentOf(opening: Opening | undefined): string | undefined {
  if (opening === undefined) return undefined;
  return opening.role === '' ? opening.because : `${opening.role}: ${opening.because}`;
}
