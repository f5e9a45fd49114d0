import {defineRole, type RoleContext} from '../model/index.js';
import {sh} from '../shell/index.js';
import {apt, service, template} from '../tasks/index.js';
import {backendName, balancerSchema, type Service} from './haproxy/options.js';
import {addressFor, bracketed, membersOf} from './members.js';
import {READABLE} from './readable.js';
import {reloadWorkers} from './reload-workers.js';

/**
 * A load balancer in front of the hosts of an inventory group: `haproxy({port: 80, backend: 'web'})`. Servers are
 * checked at `healthPath` each second; one that fails twice gets no requests until it answers twice, and a request that
 * meets it meanwhile goes to another. Logs go to the journal, statistics to `/run/haproxy/admin.sock`.
 *
 * The file comes from the template `haproxy/haproxy.cfg`. Throws `InputError` when a group has no hosts.
 */
export const haproxy = defineRole('haproxy', balancerSchema, ({services, maxConnections, ipv6}, context) => [
  apt('haproxy'),
  template({
    path: '/etc/haproxy/haproxy.cfg',
    source: 'haproxy/haproxy.cfg',
    ...READABLE,
    vars: {services: services.map((each) => withServers(each, context)), maxConnections, ipv6},
    validate: (path) => sh`haproxy -c -f ${path}`,
    notify: reloadWorkers('haproxy'),
  }),
  service({name: 'haproxy'}),
]);

function withServers(service: Service, context: RoleContext) {
  const {port, backend, backendPort, balance, healthPath} = service;
  const servers = membersOf(backend, 'haproxy', context).map((host) => ({
    name: host.name,
    address: bracketed(addressFor(host)),
    port: backendPort,
  }));
  return {name: backendName(service), port, balance, healthPath, servers};
}
