import {z} from 'zod';
import {bareAddress, defineRole, distributionOf, isAddress, listens} from '../../model/index.js';
import {type Command, sh} from '../../shell/index.js';
import {directory, file, packages, reload, service, template, user} from '../../tasks/index.js';
import {READABLE} from '../shared/managed.js';
import {groupName, optionsOf} from '../shared/options.js';
import {instanceOf} from './instance.js';

const address = z
  .string({error: ({input}) => (input === undefined ? 'is missing' : 'must be text')})
  .refine(isAddress, 'must be an address such as 192.0.2.100, 192.0.2.100/24 or 2001:db8::100');

/** The options of balancers with a virtual address. */
const KeepalivedOptions = optionsOf({
  /**
   * The address that clients use, or several of them: they always move together. IPv4 and IPv6. Without a prefix it is
   * the address alone (/32, /128), which is enough in a network that the balancers are in.
   */
  address: z
    .union([address.transform((only) => [only]), z.array(address).min(1, 'is empty')])
    .refine((all) => new Set(all.map(bareAddress)).size === all.length, 'has an address twice'),
  /** The inventory group of the balancers; its order is the order in which they take over. Default `lb`. */
  group: groupName.default('lb'),
  /**
   * The number of this group of balancers in VRRP. Default: the last byte of the first IPv4 address, else 51. Only two
   * groups of balancers that share a network *and* a balancer's address need different numbers.
   */
  virtualRouterId: z.int('must be a whole number').min(1, 'must be 1 to 255').max(255, 'must be 1 to 255').optional(),
});

/**
 * One address for several balancers: `keepalived({address: '192.0.2.100'})` in a play on the group `lb`. One balancer
 * holds it. When that one stops, hangs, or loses its network or power, another takes over within three seconds, and
 * keeps the address when the first comes back. A single balancer holds it alone until a second one is added.
 *
 * The balancers send VRRP to each other by unicast, so that no multicast is needed. The network must let an address
 * move: a cloud that assigns addresses itself ignores it, and needs its own load balancer or floating address instead.
 * When HAProxy is down on all balancers, none of them holds the address.
 *
 * For balancers with the role `haproxy`: the check uses a port that this role opens on the loopback. The files come
 * from the templates `keepalived/keepalived.conf` and `keepalived/check-haproxy`. Throws `InputError` when the host is
 * not in the group, when it does not have the address at which the others reach it, or when a virtual address does not
 * fit.
 *
 * @example
 * keepalived({address: '192.0.2.100'})
 */
export const keepalived = defineRole('keepalived', KeepalivedOptions, (options, context) => {
  const instance = instanceOf(options, context);
  const unitDirectory = '/etc/systemd/system/keepalived.service.d';
  return [
    instance.peers.length > 0 && listens({protocol: VRRP, from: {group: options.group}, because: 'VRRP'}),
    directory({path: unitDirectory, ...READABLE, mode: '0755'}),
    file({path: `${unitDirectory}/infra.conf`, content: RESTART, ...READABLE, notify: reload('keepalived')}),
    packages(distributionOf(context.facts).packages.keepalived),
    user({name: SCRIPT_USER, system: true, shell: '/usr/sbin/nologin'}),
    template({path: CHECK, source: 'keepalived/check-haproxy', ...READABLE, mode: '0755'}),
    template({
      path: '/etc/keepalived/keepalived.conf',
      source: 'keepalived/keepalived.conf',
      ...READABLE,
      vars: {...instance, host: context.host.name, check: CHECK, scriptUser: SCRIPT_USER},
      validate,
      notify: reload('keepalived'),
    }),
    service({name: 'keepalived'}),
  ].filter((item) => item !== false);
});

/** The IP protocol's number (IANA). */
const VRRP = 112;

const CHECK = '/etc/keepalived/check-haproxy';

/** The user that keepalived takes when its configuration names none. */
const SCRIPT_USER = 'keepalived_script';

/**
 * Debian's unit stays down after a crash, and the address of a killed keepalived stays on the host until it runs again.
 */
const RESTART = `# Managed by infra.
[Service]
Restart=always
RestartSec=1
`;

/** keepalived 2.2.7 ends its test of a configuration with scripts by sending itself a SIGTERM, whatever the result. */
function validate(path: string): Command {
  return sh`(trap '' TERM; keepalived -t -f ${path})`;
}
