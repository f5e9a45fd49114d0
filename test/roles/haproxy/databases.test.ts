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
    default_backend database-write

frontend port-3307
    bind :3307
    bind :::3307 v6only
    tcp-request connection reject unless { src 192.0.2.21 }
    default_backend database-read

backend database-write
    # Each server reports itself whether it is the primary. If two do, the first gets all connections. A check starts a
    # database client on the server, so it comes every two seconds, and faster only while the answer changes.
    option httpchk
    http-check send meth GET uri /primary
    http-check expect status 200
    default-server check port 9200 inter 2s fastinter 500ms fall 2 rise 2 on-marked-down shutdown-sessions
    server db1 192.0.2.31:3306
    server db2 192.0.2.32:3306 backup

backend database-read
    # Replicas that are up to date; while there is none, the primary.
    balance leastconn
    option httpchk
    http-check send meth GET uri /replica
    http-check expect status 200
    default-server on-marked-down shutdown-sessions
    server db1 192.0.2.31:3306 check port 9200 inter 2s fastinter 500ms fall 2 rise 2
    server db2 192.0.2.32:3306 check port 9200 inter 2s fastinter 500ms fall 2 rise 2
    server db1-primary 192.0.2.31:3306 track database-write/db1 backup
    server db2-primary 192.0.2.32:3306 track database-write/db2 backup
`,
  );
});

test('where HAProxy has an option for it, no server gets a connection before its first check', (t) => {
  t.is(databases({codename: 'sid', version: ''}).match(/ init-state down$/gm)?.length, 3);
});
