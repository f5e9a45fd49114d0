import {type Distribution, defineRole, distributionOf, type Handler, type Items, listens} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {directory, file, packages, service, template} from '../../tasks/index.js';
import {READABLE} from '../shared/managed.js';
import {RELOAD_SYSTEMD, reloadWorkers} from '../shared/reload.js';
import {certificates} from './certificates.js';
import {configurationOf} from './configuration.js';
import {type Balancer, balancerSchema} from './options.js';
import {portsOf as portsOfService} from './service-options.js';

/**
 * A load balancer in front of the hosts of an inventory group: `haproxy({port: 80, backend: 'web'})`. Servers are
 * checked at `healthPath` each second. A server that fails twice gets no requests until it answers twice; a request
 * that reaches it in the meantime goes to another server, unless it writes. Logs go to the journal, statistics to
 * `/run/haproxy/admin.sock`.
 *
 * With `tls` it serves HTTPS and HTTP/2 to the clients and redirects plain HTTP there; with `backendTls` it connects to
 * the servers by HTTPS and verifies their names. With `databases` it balances the database too.
 *
 * A reload breaks no connection: the old process finishes its open ones, for up to an hour. What an operator set for a
 * server at the socket (drained, in maintenance, its weight) survives a reload.
 *
 * The file comes from the template `haproxy/haproxy.cfg`. Throws `InputError` when a group has no hosts.
 *
 * @example
 * haproxy({backend: 'web', tls: {certificate: await authority(), names: ['www.example.org']}, databases: {from: {group: 'web'}}})
 */
export const haproxy = defineRole('haproxy', balancerSchema, (balancer, context) => [
  packages(distributionOf(context.facts).packages.haproxy),
  ...keepState(RELOAD, distributionOf(context.facts)),
  ...certificates(balancer, RELOAD, context),
  template({
    path: '/etc/haproxy/haproxy.cfg',
    source: 'haproxy/haproxy.cfg',
    ...READABLE,
    vars: configurationOf(balancer, context),
    validate: (path) => sh`haproxy -c -f ${path}`,
    notify: RELOAD,
  }),
  service({name: 'haproxy', ports: portsOf(balancer)}),
  ...listening(balancer),
  ...declared(balancer),
]);

const RELOAD = reloadWorkers('haproxy');

/** What `infra db` has to know. */
function declared({databases}: Balancer): Items {
  return databases ? [{declares: 'database-balancer', write: databases.write}] : [];
}

/** The ports on which the balancer listens, for the firewall. */
function listening({services, databases, stats}: Balancer): Items {
  const ports = services.flatMap(portsOfService);
  return [
    ...(ports.length > 0 ? [listens({tcp: ports, from: 'any', because: 'clients of the site'})] : []),
    ...(databases
      ? [listens({tcp: [databases.write, databases.read], from: databases.from, because: 'clients of the database'})]
      : []),
    ...(stats ? [listens({tcp: stats.port, from: stats.from, because: 'statistics and metrics'})] : []),
  ];
}

/** All TCP ports on which it listens. */
function portsOf({services, databases, stats}: Balancer): readonly number[] {
  return [
    ...services.flatMap(portsOfService),
    ...(databases ? [databases.write, databases.read] : []),
    ...(stats ? [stats.port] : []),
  ];
}

/**
 * Keeps the state of a server that was drained, put into maintenance or given another weight by the administration
 * socket when HAProxy is reloaded, by infra or by hand. A restart loses it. Comes after the package: the unit needs the
 * script in HAProxy's directory.
 */
function keepState(notify: Handler, {haproxyCheck}: Distribution): Items {
  return [
    template({path: SCRIPT, source: 'haproxy/save-server-state', ...READABLE, mode: '0755'}),
    directory({path: UNIT_DIRECTORY, ...READABLE, mode: '0755'}),
    file({
      path: `${UNIT_DIRECTORY}/infra.conf`,
      content: dropIn(haproxyCheck),
      ...READABLE,
      notify: [RELOAD_SYSTEMD, notify],
    }),
  ];
}

const SCRIPT = '/etc/haproxy/save-server-state';
const UNIT_DIRECTORY = '/etc/systemd/system/haproxy.service.d';

/**
 * The package's reload, with one step before it. The file must exist at every start: HAProxy 2.6 warns without it.
 */
const dropIn = (check: string) => `# Managed by infra: a drained server stays drained when HAProxy is reloaded.
[Service]
ExecStartPre=${SCRIPT}
ExecReload=
ExecReload=${SCRIPT}
ExecReload=${check}
ExecReload=/bin/kill -USR2 $MAINPID
`;
