import {
  baseline,
  databaseBackup,
  databaseClient,
  databaseHealth,
  firewall,
  haproxy,
  keepalived,
  mysqlPrimary,
  mysqlReplication,
  mysqlSemiSync,
  mysqlServer,
  nginx,
  type Play,
  type PlaybookContext,
  play,
  restart,
  sshd,
  z,
} from 'infra';
import * as guestbook from './guestbook.js';

/** What the inventory says of the servers, besides how they are reached. */
export const Variables = z.object({
  /** The site's public name, for its certificate. */
  domain: z.string().default('www.infra.test'),
  /** MySQL only where the distribution has it. */
  database: z.enum(['mariadb', 'mysql']).default('mariadb'),
  /** Of the group db: MiB of memory that the database may count on, where the host does more than that. */
  databaseMemory: z.int().optional(),
  /** Of the group lb: the address that several balancers share; or two, one of them IPv6. */
  virtualAddress: z.union([z.string(), z.array(z.string())]).optional(),
  /** Of the group web, while a running site moves to HTTPS: 80, until its balancers have moved. */
  plainPort: z.int().optional(),
  /** Of the group web: what it serves. The guestbook uses the database; a page is templates/nginx/index.html.ejs. */
  content: z.enum(['guestbook', 'page']).default('guestbook'),
});

/**
 * How many replicas must have a write before it is acknowledged. 0: replication is asynchronous, and the last writes may be
 * lost together with the primary. 1: they are not; each write takes a round trip longer, and while no replica answers,
 * writes wait, so better have two replicas.
 */
const ACKS: number = 0;

/** The plays of the website. site.ts runs all of them, hardening.ts those that protect it. */
export async function stack({
  secret,
  authority,
  recipients,
  inventory,
}: PlaybookContext): Promise<readonly Play<z.infer<typeof Variables>>[]> {
  // Passwords and the project's certification authority are made on first use and kept, encrypted, in secrets/.
  const ca = await authority();
  const replicator = {user: 'replicator', password: secret('mysql/replicator')};
  const app = {name: 'app', password: secret('mysql/app')};
  const migrations = {name: 'migrations', password: secret('mysql/migrations')};
  // Where the web servers reach the database: at the address that the balancers share, if they share one.
  const [balancer] = inventory.groups.get('lb') ?? [];
  const address = Variables.partial().safeParse(balancer?.vars).data?.virtualAddress;
  // A server that is not lost with a database keeps its backups: the first balancer, where you have no better one.
  const keeper = balancer?.name ?? 'lb1';
  const readers = await recipients();
  const backupKey = secret('backup/ssh');
  const semiSync = ACKS > 0 ? ({acks: ACKS, onReplicaLoss: 'stop'} as const) : undefined;

  return [
    play('hosts', {hosts: 'all', tags: ['hardening']}, [baseline(), sshd()]),

    // The open ports, and their clients, follow from what the roles below declare.
    play('firewall', {hosts: 'all', tags: ['firewall']}, [firewall()]),

    // The web servers reach the database through the balancers: 3306 leads to the primary, 3307 to a replica.
    play('database', {hosts: 'db', tags: ['tls']}, [
      ({host}) =>
        mysqlServer({
          family: host.vars.database,
          memory: host.vars.databaseMemory,
          from: {group: 'lb'},
          semiSync,
          tls: {certificate: ca, names: [`db.${host.vars.domain}`, ...[address ?? []].flat()]},
        }),
    ]),

    // Which server is the primary is read from the servers; the inventory names the first one. Databases and users are
    // replicated from it. The application may use the database "app"; only its migrations may change the tables.
    play('primary', {hosts: 'db', needs: ['database'], tags: ['tls']}, [
      mysqlPrimary({
        replication: replicator,
        tls: true,
        databases: [{name: 'app'}],
        users: [
          {...app, from: 'lb', grants: {'app.*': ['SELECT', 'INSERT', 'UPDATE', 'DELETE']}},
          {...migrations, from: 'lb', grants: {'app.*': ['ALL PRIVILEGES']}},
        ],
      }),
    ]),
    play('replica', {hosts: 'db', needs: ['primary'], tags: ['tls']}, [mysqlReplication({...replicator, tls: true})]),
    ...(ACKS > 0 ? [play('semi-sync', {hosts: 'db', needs: ['replica']}, [mysqlSemiSync({acks: ACKS})])] : []),
    play('database health', {hosts: 'db', needs: ['primary'], tags: ['tls']}, [
      ({host}) => databaseHealth({family: host.vars.database, from: {group: 'lb'}, acks: ACKS}),
    ]),

    // Every night, and the binary logs every five minutes, encrypted for those who can read the secrets of the project.
    play('backup', {hosts: `db:${keeper}`, needs: ['database health'], tags: ['backup']}, [
      ({host}) =>
        databaseBackup({
          ...{family: host.vars.database, recipients: readers, binaryLogs: true},
          to: {host: keeper, key: backupKey},
        }),
    ]),

    // The application gets its credentials and verifies the database's name. The guestbook stands for your application.
    play('web', {hosts: 'web', tags: ['tls']}, [
      ({host: {vars}}) => [
        ...guestbook.account(),
        databaseClient({
          ...{user: guestbook.USER, database: 'app', account: app, migrations, authority: ca},
          ...{name: `db.${vars.domain}`, address, family: vars.database},
          ...(vars.content === 'guestbook' && {notify: restart(guestbook.USER)}),
        }),
        ...(vars.content === 'guestbook' ? guestbook.program() : []),
        nginx({
          serverName: vars.domain,
          tls: {certificate: ca, plainPort: vars.plainPort},
          ...(vars.content === 'guestbook' && {application: guestbook.fastcgi}),
        }),
      ],
    ]),

    play('balancer', {hosts: 'lb', serial: 1, needs: ['web', 'database health'], tags: ['tls']}, [
      ({host}) => [
        haproxy({
          backend: 'web',
          backendTls: {authority: ca},
          tls: {certificate: ca, names: [host.vars.domain]},
          databases: {from: {group: 'web'}},
        }),
        ...(host.vars.virtualAddress === undefined ? [] : [keepalived({address: host.vars.virtualAddress})]),
      ],
    ]),
    play('tables', {hosts: 'web', needs: ['balancer']}, [
      ({host}) => (host.vars.content === 'guestbook' ? guestbook.tables() : []),
    ]),
  ];
}
