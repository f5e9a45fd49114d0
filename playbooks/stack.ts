import {
  baseline,
  databaseHealth,
  firewall,
  type Host,
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
} from 'infra';

/*
 * The plays of the website. site.ts runs all of them, hardening.ts those that protect it. The servers are in the
 * inventory, with a few variables:
 *
 *   domain          the site's public name, for its certificate
 *   database        mariadb (the default) or mysql, where the distribution has it
 *   virtualAddress  of the group lb: the address that the balancers share, if there are several; or a list of two, one
 *                   of them IPv6
 *   plainPort       of the group web, while a running site moves to HTTPS: 80, until its balancers have moved
 */
export async function stack({secret, authority}: PlaybookContext): Promise<readonly Play[]> {
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
          family: familyOf(host),
          from: {group: 'lb'},
          tls: {certificate: ca, names: [`db.${domainOf(host)}`]},
        }),
    ]),

    // Databases and users of the primary are replicated to the replicas. The application may use the database "app".
    play('primary', {hosts: 'primary', needs: ['database'], tags: ['tls']}, [
      mysqlPrimary({
        replication: replicator,
        tls: true,
        databases: [{name: 'app'}],
        users: [{...app, from: 'lb', grants: {'app.*': ['SELECT', 'INSERT', 'UPDATE', 'DELETE']}}],
      }),
    ]),
    play('replica', {hosts: 'replica', needs: ['primary'], tags: ['tls']}, [
      mysqlReplication({...replicator, tls: true}),
    ]),
    play('database health', {hosts: 'db', needs: ['primary'], tags: ['tls']}, [
      ({host}) => databaseHealth({family: familyOf(host), from: {group: 'lb'}}),
    ]),

    // The page is templates/nginx/index.html.ejs; a file of that name in your own templates directory comes first.
    play('web', {hosts: 'web', tags: ['tls']}, [
      ({host}) => nginx({serverName: domainOf(host), tls: {certificate: ca, ...plainPortOf(host)}}),
    ]),

    play('balancer', {hosts: 'lb', serial: 1, needs: ['web', 'database health'], tags: ['tls']}, [
      ({host}) => [
        haproxy({
          backend: 'web',
          backendTls: {authority: ca},
          tls: {certificate: ca, names: [domainOf(host)]},
          databases: {from: {group: 'web'}},
        }),
        ...virtualAddressesOf(host),
      ],
    ]),
  ];
}

const familyOf = ({vars}: Host) => (vars.database === 'mysql' ? 'mysql' : 'mariadb');

const domainOf = ({vars}: Host) => (typeof vars.domain === 'string' ? vars.domain : 'www.infra.test');

const plainPortOf = ({vars}: Host) => (typeof vars.plainPort === 'number' ? {plainPort: vars.plainPort} : {});

function virtualAddressesOf({vars}: Host) {
  const address = [vars.virtualAddress ?? []].flat().map(String);
  return address.length > 0 ? [keepalived({address})] : [];
}
