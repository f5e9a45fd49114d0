import {defineRole} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {apt, service, template} from '../../tasks/index.js';
import {READABLE} from '../shared/readable.js';
import {reloadWorkers} from '../shared/reload-workers.js';
import {certificates} from './certificates.js';
import {configurationOf} from './configuration.js';
import {keepState} from './keep-state.js';
import {listening, portsOf} from './listening.js';
import {balancerSchema} from './options.js';

/**
 * A load balancer in front of the hosts of an inventory group: `haproxy({port: 80, backend: 'web'})`. Servers are
 * checked at `healthPath` each second; one that fails twice gets no requests until it answers twice, and a request that
 * meets it meanwhile goes to another, unless it writes. Logs go to the journal, statistics to `/run/haproxy/admin.sock`.
 *
 * With `tls` it speaks HTTPS and HTTP/2 to the clients and leads plain HTTP there, with `backendTls` it speaks HTTPS to
 * the servers and verifies their names. With `databases` it is the way to the database too.
 *
 * A reload breaks no connection: what the old process has open it finishes, for up to an hour. What an operator told
 * the socket about a server (drained, in maintenance, its weight) outlives a reload.
 *
 * The file comes from the template `haproxy/haproxy.cfg`. Throws `InputError` when a group has no hosts.
 *
 * @example
 * haproxy({backend: 'web', tls: {certificate: await authority(), names: ['www.example.org']}, databases: {from: {group: 'web'}}})
 */
export const haproxy = defineRole('haproxy', balancerSchema, (balancer, context) => [
  // HAProxy's socket is spoken to by socat.
  apt({packages: ['haproxy', 'socat']}),
  ...keepState(RELOAD),
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
]);

const RELOAD = reloadWorkers('haproxy');
