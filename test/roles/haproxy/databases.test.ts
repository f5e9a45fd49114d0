import test from 'ava';
import {haproxy} from '../../../src/roles/index.js';
import {compile, written} from '../compile.js';

const SITE = `
lb: {hosts: {lb1: {address: 192.0.2.11}}}
web: {hosts: {web1: {address: 192.0.2.21}}}
db:
  hosts:
    db1: {address: 192.0.2.31}
    db2: {address: 192.0.2.32}
`;

function databases(facts = {}): string {
  const role = haproxy({services: [], databases: {from: {group: 'web'}}});
  const {text} = written(compile(role, SITE, 'lb', facts).get('template /etc/haproxy/haproxy.cfg'));
  return text.slice(text.indexOf('\nfrontend'));
}

test('the write port reaches one primary, the read port the replicas or else the primary', (t) => {
  t.is(
    databases(),
    `
frontend port-3306
    bind :3306
    bind :::3306 v6only
    tcp-request connection reject unless { src 192.0.2.21 }
    # Two servers that take writes at once are worse than none: what one gets, the other lacks for ever.
    tcp-request content reject if { nbsrv(database-write) gt 1 }
    default_backend database-write

frontend port-3307
    bind :3307
    bind :::3307 v6only
    tcp-request connection reject unless { src 192.0.2.21 }
    default_backend database-read

backend database-write
    # Each server says whether it is the primary. "No" counts at once (L7OKC: the server gets no new connections, and
    # keeps those that it has); no answer counts only the third time.
    option httpchk
    http-check send meth GET uri /primary
    http-check expect error-status L7OKC status 200
    server db1 192.0.2.31:3306 check port 9200 inter 500ms fall 3 rise 1 tcp-ut 30s maxconn 135
    server db2 192.0.2.32:3306 check port 9200 inter 500ms fall 3 rise 1 tcp-ut 30s maxconn 135

backend database-read
    # Replicas that are up to date, or those with the last that is known while there is no primary; without any, the
    # primary.
    balance leastconn
    option httpchk
    http-check send meth GET uri /replica
    http-check expect error-status L7OKC status 200
    server db1 192.0.2.31:3306 check port 9200 inter 500ms fall 3 rise 1 tcp-ut 30s maxconn 180
    server db2 192.0.2.32:3306 check port 9200 inter 500ms fall 3 rise 1 tcp-ut 30s maxconn 180
    server db1-primary 192.0.2.31:3306 track database-write/db1 backup tcp-ut 30s maxconn 45
    server db2-primary 192.0.2.32:3306 track database-write/db2 backup tcp-ut 30s maxconn 45
`,
  );
});

test('where HAProxy has an option for it, no server gets a connection before its first check', (t) => {
  t.is(databases({codename: 'sid', version: ''}).match(/ init-state down /g)?.length, 4);
});

test('a server has connections for all balancers together, and readers do not take those of writers', (t) => {
  const site = SITE.replace('192.0.2.11}', '192.0.2.11}, lb2: {address: 192.0.2.12}');
  const role = haproxy({services: [], databases: {from: {group: 'web'}, serverConnections: 100}});
  const {text} = written(compile(role, site, 'lb').get('template /etc/haproxy/haproxy.cfg'));
  t.deepEqual(
    [...text.matchAll(/ maxconn (\d+)$/gm)].map(([, count]) => Number(count)),
    [38, 38, 50, 50, 12, 12],
  );
});
