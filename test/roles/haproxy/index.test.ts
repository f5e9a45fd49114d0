import test from 'ava';
import {InputError} from '../../../src/model/index.js';
import {haproxy} from '../../../src/roles/index.js';
import {CLAIMED_PREFIXES, OTHER_CLAIMED_NAMES} from '../../../src/roles/shared/claimed-headers.js';
import {compile, written} from '../compile.js';

const TWO = `
lb: {hosts: {lb1: {address: 192.0.2.11}}}
web:
  hosts:
    web1: {address: 192.0.2.21}
    web2: {address: 192.0.2.22}
`;

const config = (inventory: string, options: Parameters<typeof haproxy>[0] = {backend: 'web'}) =>
  written(compile(haproxy(options), inventory, 'lb').get('template /etc/haproxy/haproxy.cfg')).text;

test('the balancer is a package, its configuration and a service, in this order', (t) => {
  const tasks = compile(haproxy({backend: 'web'}), TWO, 'lb');
  t.deepEqual(
    [...tasks.keys()],
    [
      'apt haproxy socat',
      'template /etc/haproxy/save-server-state',
      'directory /etc/systemd/system/haproxy.service.d',
      'file /etc/systemd/system/haproxy.service.d/infra.conf',
      'template /etc/haproxy/haproxy.cfg',
      'service haproxy',
    ],
  );
  const file = tasks.get('template /etc/haproxy/haproxy.cfg');
  t.deepEqual(
    file?.notify.map(({id}) => id),
    ['reload haproxy'],
  );
  t.regex(written(file).commands, /haproxy -c -f \S*\/etc\/haproxy\/\.infra-/);
});

test('frontend and backend come from the options, the servers from the inventory', (t) => {
  const text = config(TWO, {port: 8080, backend: 'web', backendPort: 81, balance: 'leastconn', healthPath: '/up'});
  t.is(
    text.slice(text.indexOf('frontend')),
    `frontend port-8080
    bind :8080
    bind :::8080 v6only
    default_backend web

backend web
    balance leastconn
    # A request that a server may have seen is sent again only if its method is safe to repeat.
    http-request disable-l7-retry unless { method GET HEAD OPTIONS }
    # The servers can trust these headers: the client's own are removed.
    http-request del-header '^(${CLAIMED_PREFIXES.join('|')})' -m reg
    http-request del-header '^(${OTHER_CLAIMED_NAMES.join('|')})$' -m reg
    http-request set-header X-Forwarded-For %[src]
    http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]
    http-request set-header X-Forwarded-Port %[dst_port]
    # CGI passes it to programs as their proxy.
    http-request del-header Proxy
    # Requests in a tunnel or after an upgrade to h2c would bypass these rules, and the next proxy drops the headers that
    # Connection names.
    acl websocket req.hdr(Upgrade) -i websocket
    http-request deny deny_status 405 if { method CONNECT TRACE }
    http-request deny deny_status 400 if HTTP_1.0 { req.hdr(Transfer-Encoding) -m found }
    http-request del-header Upgrade unless websocket
    http-request del-header HTTP2-Settings
    http-request del-header Connection unless websocket
    http-request set-header Connection Upgrade if websocket
    option httpchk
    http-check send meth GET uri /up ver HTTP/1.1 hdr Host web
    http-check expect status 200-299
    default-server check inter 1s fastinter 500ms fall 2 rise 2 slowstart 10s weight 100 maxconn 256
    server web1 192.0.2.21:81
    server web2 192.0.2.22:81
`,
  );
});

test('a host added to the group is one more line and nothing else', (t) => {
  const before = config(TWO).split('\n');
  const after = config(`${TWO}    web3: {address: 192.0.2.23}\n`).split('\n');
  t.deepEqual(
    after.filter((line) => !before.includes(line)),
    ['    server web3 192.0.2.23:80'],
  );
  t.is(after.length, before.length + 1);
});

test('the address of an IPv6 server is in brackets', (t) => {
  t.true(config(TWO.replace('192.0.2.21', '"2001:db8::21"')).includes('server web1 [2001:db8::21]:80\n'));
});

test('a host without IPv6 listens on IPv4 only', (t) => {
  t.false(config(TWO, {backend: 'web', ipv6: false}).includes('v6only'));
});

test('several services have a frontend and a backend each', (t) => {
  const text = config(TWO, {
    services: [
      {port: 80, backend: 'web'},
      {port: 81, backend: 'web', name: 'admin'},
    ],
  });
  t.deepEqual(text.match(/^(frontend|backend| {4}default_backend) .*/gm), [
    'frontend port-80',
    '    default_backend web',
    'backend web',
    'frontend port-81',
    '    default_backend admin',
    'backend admin',
  ]);
});

test('a backend group without hosts is reported, with the nearest group', (t) => {
  const error = t.throws(() => compile(haproxy({backend: 'wbe'}), TWO, 'lb'), {instanceOf: InputError});
  t.deepEqual(
    error?.diagnostics.map(({message, hint}) => [message, hint]),
    [['role haproxy: the group "wbe" has no hosts in /project/inventory/hosts.yml', 'Did you mean "web"?']],
  );
});

test('wrong options are all reported at once', (t) => {
  const wrong = {prot: 80, backendPort: 70_000, healthPath: 'healthz', backend: 'web'} as {backend: string}; // as a typo would be
  const error = t.throws(() => haproxy(wrong), {instanceOf: InputError});
  t.deepEqual(
    error?.diagnostics.map(({message, hint}) => (hint ? `${message} | ${hint}` : message)),
    [
      'role haproxy: the option "backendPort" must be 1 to 65535',
      'role haproxy: the option "healthPath" must be a path such as /healthz',
      'role haproxy: there is no option "prot" | Did you mean "port"?',
    ],
  );
});

test('two services cannot share a port or a name', (t) => {
  const services = [{backend: 'web'}, {backend: 'web'}];
  const error = t.throws(() => haproxy({services}), {instanceOf: InputError});
  t.deepEqual(
    error?.diagnostics.map(({message}) => message),
    [
      'role haproxy: the option "services[1].port": another service has port 80',
      'role haproxy: the option "services[1].name": another service is named "web": give this one a different name',
    ],
  );
});
