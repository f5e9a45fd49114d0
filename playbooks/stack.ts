import {
  baseline,
  databaseHealth,
  firewall,
  haproxy,
  keepalived,
  mysqlPrimary,
  mysqlReplication,
  mysqlServer,
  nginx,
  type Play,
  type PlaybookContext,
  play,
  sshd,
  z,
} from 'infra';

/** What the inventory says of the servers, besides how they are reached. */
export const Variables = z.object({
  /** The site's public name, for its certificate. */
  domain: z.string().default('www.infra.test'),
  /** MySQL only where the distribution has it. */
  database: z.enum(['mariadb', 'mysql']).default('mariadb'),
  /** Of the group lb: the address that several balancers share; or two, one of them IPv6. */
  virtualAddress: z.union([z.string(), z.array(z.string())]).optional(),
  /** Of the group web, while a running site moves to HTTPS: 80, until its balancers have moved. */
  plainPort: z.int().optional(),
});

/** The plays of the website. site.ts runs all of them, hardening.ts those that protect it. */
export async function stack({secret, authority}: PlaybookContext): Promise<readonly Play<z.infer<typeof Variables>>[]> {
  // Passwords and the project's certification authority are made on first use and kept, encrypted, in secrets/.
  const ca = await authority();
  const replicator = {user: 'replicator', password: secret('mysql/replicator')};
  const app = {name: 'app', password: secret('mysql/app')};

  return [
    play('hosts', {hosts: 'all', tags: ['hardening']}, [baseline(), sshd()]),

    // The open ports, and their clients, follow from what the roles below declare.
    play('firewall', {hosts: 'all', tags: ['firewall']}, [firewall()]),

    // The web servers reach the database through the balancers: 3306 leads to the primary, 3307 to a replica.
    play('database', {hosts: 'db', tags: ['tls']}, [
      ({host}) =>
        mysqlServer({
          family: host.vars.database,
          from: {group: 'lb'},
          tls: {certificate: ca, names: [`db.${host.vars.domain}`]},
        }),
    ]),

    // Which server is the primary is read from the servers; the inventory names the first one. Databases and users are
    // replicated from it. The application may use the database "app".
    play('primary', {hosts: 'db', needs: ['database'], tags: ['tls']}, [
      mysqlPrimary({
        replication: replicator,
        tls: true,
        databases: [{name: 'app'}],
        users: [{...app, from: 'lb', grants: {'app.*': ['SELECT', 'INSERT', 'UPDATE', 'DELETE']}}],
      }),
    ]),
    play('replica', {hosts: 'db', needs: ['primary'], tags: ['tls']}, [mysqlReplication({...replicator, tls: true})]),
    play('database health', {hosts: 'db', needs: ['primary'], tags: ['tls']}, [
      ({host}) => databaseHealth({family: host.vars.database, from: {group: 'lb'}}),
    ]),

    // The page is templates/nginx/index.html.ejs; a file of that name in your own templates directory comes first.
    play('web', {hosts: 'web', tags: ['tls']}, [
      ({host}) => nginx({serverName: host.vars.domain, tls: {certificate: ca, plainPort: host.vars.plainPort}}),
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
  ];
}
