import test from 'ava';
import {HealthOptions, PrimaryOptions, ReplicationOptions} from '../../../src/roles/mysql/options.js';
import {ServerOptions} from '../../../src/roles/mysql/server-options.js';
import {Secret} from '../../../src/shell/index.js';

const password = new Secret('correct-horse');

const takes = (options: object) => ServerOptions.safeParse(options).success;

test('a server needs no options', (t) => {
  t.deepEqual(ServerOptions.parse({}), {
    ...{family: 'mariadb', port: 3306, replicas: 'replica', primary: 'primary', from: [{group: 'web'}]},
    ...{adminPort: 33_062, maxConnections: 200, binlogDays: 30, slowSeconds: 2},
  });
});

test('values are within what the servers take', (t) => {
  t.deepEqual(
    [4, 5, 4096].map((bufferPool) => takes({bufferPool})),
    [false, true, true],
  );
  t.deepEqual(
    [0, 1, 99, 100].map((binlogDays) => takes({binlogDays})),
    [false, true, true, false],
  );
  t.deepEqual(
    [0, 1, 1.5].map((maxConnections) => takes({maxConnections})),
    [false, true, false],
  );
  t.deepEqual(
    ['mariadb', 'mysql', 'percona'].map((family) => takes({family})),
    [true, true, false],
  );
  t.deepEqual(
    [0, 1, 65_536].map((port) => takes({port})),
    [false, true, false],
  );
});

test('what happens when replicas are lost is said, never assumed', (t) => {
  t.deepEqual(ServerOptions.parse({semiSync: {onReplicaLoss: 'stop'}}).semiSync, {acks: 1, onReplicaLoss: 'stop'});
  for (const semiSync of [{}, true, {onReplicaLoss: 'hope'}, {onReplicaLoss: 'stop', acks: 0}])
    t.false(takes({semiSync}), JSON.stringify(semiSync));
});

test('clients are one audience or several', (t) => {
  t.deepEqual(ServerOptions.parse({from: {host: 'web1'}}).from, [{host: 'web1'}]);
  t.deepEqual(ServerOptions.parse({from: ['any', {network: '10.0.0.0/8'}]}).from, ['any', {network: '10.0.0.0/8'}]);
  for (const from of [[], 'web', {group: 'a b'}, {network: '10.0.0.0/33'}, {}])
    t.false(takes({from}), JSON.stringify(from));
});

test('TLS needs a certificate, and is required unless the playbook says otherwise', (t) => {
  const certificate = {certificate: 'PEM', key: password};
  t.like(ServerOptions.parse({tls: {certificate}}).tls, {require: true, names: []});
  t.like(ServerOptions.parse({tls: {certificate, require: false}}).tls, {require: false});
  for (const tls of [
    {},
    true,
    {certificate: 'PEM'},
    {certificate: null},
    {certificate, authority: 'PEM'},
    {certificate, names: ['']},
  ])
    t.false(takes({tls}), JSON.stringify(tls));
});

test('a password is a secret, never a text', (t) => {
  t.true(PrimaryOptions.safeParse({replication: {password}}).success);
  t.true(ReplicationOptions.safeParse({password}).success);
  for (const text of ['correct-horse', undefined, '']) {
    const failed = [
      PrimaryOptions.safeParse({replication: {password: text}}),
      ReplicationOptions.safeParse({password: text}),
      PrimaryOptions.safeParse({replication: {password}, users: [{name: 'app', password: text, grants: {}}]}),
    ];
    t.deepEqual(
      failed.map(({success}) => success),
      [false, false, false],
    );
    t.false(
      failed.some(({error}) => error?.message.includes('correct-horse')),
      'and is not shown',
    );
  }
});

test('a primary has the replication user, and what the playbook lists', (t) => {
  t.deepEqual(PrimaryOptions.parse({replication: {password}}), {
    ...{replication: {user: 'replicator', password}, primary: 'primary', replicas: 'replica', tls: false},
    ...{databases: [], users: []},
  });
  const [user] = PrimaryOptions.parse({
    replication: {password},
    users: [{name: 'app', password, grants: {'app.*': ['SELECT']}}],
  }).users;
  t.deepEqual(user, {name: 'app', password, from: 'web', grants: {'app.*': ['SELECT']}});
  t.false(PrimaryOptions.safeParse({replication: {password}, users: [{name: '', password, grants: {}}]}).success);
  t.false(PrimaryOptions.safeParse({replication: {password}, users: [{name: 'app', password}]}).success);
});

test('replica and health checks have the defaults of the server and the balancer', (t) => {
  t.deepEqual(ReplicationOptions.parse({password}), {
    user: 'replicator',
    password,
    primary: 'primary',
    replicas: 'replica',
    port: 3306,
    tls: false,
  });
  t.deepEqual(HealthOptions.parse({}), {
    family: 'mariadb',
    from: [{group: 'lb'}],
    port: 9200,
    maxLag: 30,
    acks: 0,
    primary: 'primary',
    replicas: 'replica',
  });
  t.false(HealthOptions.safeParse({maxLag: 0}).success);
});

test('an option that is written wrong is not ignored', (t) => {
  for (const schema of [ServerOptions, HealthOptions]) t.false(schema.safeParse({famly: 'mysql'}).success);
  t.false(PrimaryOptions.safeParse({replication: {password}, databases: [{name: 'app', charset: 'utf8mb4'}]}).success);
});
