import test from 'ava';
import {type Balancer, balancerSchema, type HaproxyOptions} from '../../../src/roles/haproxy/options.js';
import {backendName, portsOf} from '../../../src/roles/haproxy/service-options.js';

const AUTHORITY = {certificate: 'PEM', issue: async () => ({certificate: '', key: ''})};
const TLS = {certificate: AUTHORITY, names: ['example.org']};
const web = {backend: 'web'};

/** A playbook may be JavaScript and give anything. */
const read = (options: unknown) => balancerSchema.safeParse(options as HaproxyOptions);

/** The options as the role works with them. */
function parse(options: unknown): Balancer {
  const result = read(options);
  if (!result.success) throw new Error(faults(options)?.join());
  return result.data;
}

/** What is wrong, as `PATH: MESSAGE`; undefined when nothing is. */
function faults(options: unknown): readonly string[] | undefined {
  const result = read(options);
  return result.success ? undefined : result.error.issues.map(({path, message}) => `${path.join('.')}: ${message}`);
}

test('one service and a list of one are the same', (t) => {
  const one = parse({...web, ipv6: false, maxConnections: 7});
  t.like(parse({services: [web], ipv6: false, maxConnections: 7}), {
    services: one.services,
    ipv6: false,
    maxConnections: 7,
  });
  t.like(one, {ipv6: false, maxConnections: 7});
  t.is(parse(web).services.length, 1);
});

const PORTS: readonly [string, object, number, number, readonly number[]][] = [
  ['plain HTTP', {}, 80, 80, [80]],
  ['HTTPS, with a port that redirects', {tls: TLS}, 443, 80, [80, 443]],
  ['HTTPS alone', {tls: {...TLS, redirectFrom: false}}, 443, 80, [443]],
  ['HTTPS to the servers', {backendTls: {authority: AUTHORITY}}, 80, 443, [80]],
  [
    'ports of the playbook',
    {port: 8443, backendPort: 8080, tls: {...TLS, redirectFrom: 8080}},
    8443,
    8080,
    [8080, 8443],
  ],
];

for (const [what, options, port, backendPort, listens] of PORTS)
  test(`the ports depend on the other options: ${what}`, (t) => {
    const [service] = parse({...web, ...options}).services;
    t.like(service, {port, backendPort});
    t.deepEqual(service && portsOf(service), listens);
  });

test('a backend is named after its group unless it has a name', (t) => {
  const {services} = parse({services: [web, {...web, name: 'api', port: 81}]});
  t.deepEqual(services.map(backendName), ['web', 'api']);
});

const SAME: readonly [string, object, readonly string[]][] = [
  [
    'a redirect and another service',
    {services: [web, {backend: 'api', tls: TLS}]},
    ['services.1.tls: another service has port 80'],
  ],
  [
    'the write port',
    {...web, port: 3306, databases: {from: 'any'}},
    ['databases.write: another service has port 3306'],
  ],
  [
    'the read port',
    {...web, databases: {from: 'any', write: 80, read: 80}},
    ['databases.write: another service has port 80', 'databases.read: another service has port 80'],
  ],
  ['the statistics', {...web, port: 8404, stats: {from: 'any'}}, ['stats.port: another service has port 8404']],
  ['HTTPS and its own redirect', {...web, tls: TLS, port: 80}, ['port: another service has port 80']],
];

for (const [what, options, messages] of SAME)
  test(`a port is taken once, and the later option is named: ${what}`, (t) => t.deepEqual(faults(options), messages));

test('a port of the servers is not one of the balancer', (t) => {
  t.is(faults({...web, port: 81, backendPort: 3306, databases: {from: 'any', serverPort: 81}}), undefined);
});

test('names of backends are different, those of the database too', (t) => {
  const two = (name: string, rest = {}) => faults({services: [web, {backend: 'api', port: 81, name}], ...rest});
  t.deepEqual(two('web'), ['services.1.name: another service is named "web": give this one a different name']);
  t.deepEqual(two('database-read', {databases: {from: 'any'}}), [
    'services.1.name: "database-read" is the name of the database\'s backend',
  ]);
  t.is(two('database-read'), undefined, 'without a database the name is free');
  t.deepEqual(faults({backend: 'database-write', databases: {from: 'any'}}), [
    'name: "database-write" is the name of the database\'s backend',
  ]);
});

test('a balancer has a service, or the database', (t) => {
  t.deepEqual(faults({services: []}), ['services: needs at least one service']);
  t.is(faults({services: [], databases: {from: {group: 'web'}}}), undefined);
});

test('a balancer trusts one authority for its servers', (t) => {
  const service = (certificate: string, port: number) => ({
    backend: `web${port}`,
    port,
    backendTls: {authority: {certificate}},
  });
  t.is(faults({services: [service('A', 80), service('A', 81), {...web, port: 82}]}), undefined);
  t.deepEqual(faults({services: [service('A', 80), service('A', 81), service('B', 82)]}), [
    'services: all services must have the same authority for their servers',
  ]);
});

test('an ACME authority is answered on port 80', (t) => {
  const acme = {accountKey: 'key', certificate: 'PEM', key: 'key'};
  const unreachable = (redirectFrom: number | false) =>
    faults({...web, tls: {...TLS, redirectFrom, certificate: acme}});
  for (const redirectFrom of [8080, false] as const) {
    const messages = unreachable(redirectFrom) ?? [];
    t.true(messages.includes('tls.redirectFrom: must be 80 for ACME'), messages.join());
  }
  t.false(unreachable(80)?.includes('tls.redirectFrom: must be 80 for ACME') ?? false);
  t.is(faults({...web, tls: {...TLS, redirectFrom: false}}), undefined, 'any other is not');
});

test('without options the missing group is named', (t) => {
  for (const options of [undefined, null, {}, 'web', []]) t.truthy(faults(options), String(options));
});

test('values are within their limits', (t) => {
  const at = (options: object) => faults({...web, ...options}) === undefined;
  t.deepEqual(
    [0, 1, 65_535, 65_536, 1.5].map((port) => at({port})),
    [false, true, true, false, false],
  );
  t.deepEqual(
    [0, 1, 3600, 3601].map((seconds) => at({rateLimit: {requests: 1, seconds}})),
    [false, true, true, false],
  );
  t.deepEqual(
    ['/', '/a-b_c.d~e', 'a', '/a b', '/a?b', '/a"'].map((healthPath) => at({healthPath})),
    [true, true, false, false, false, false],
  );
  t.deepEqual(
    ['ok', 'a "b"', 'a\nb', ''].map((healthText) => at({healthText})),
    [true, false, false, false],
  );
  const names = ['*.example.org', 'a', 'a.*.b', '-a', 'a-', '', 'ä'];
  t.deepEqual(
    names.map((name) => at({tls: {...TLS, names: [name]}})),
    [true, true, false, false, false, false, false],
  );
  t.false(at({tls: {...TLS, names: []}}));
});
