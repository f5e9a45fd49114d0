import {haproxy, mysqlPrimary, mysqlReplication, mysqlServer, nginx, play, playbook} from 'infra';

/*
 * A website: web servers behind load balancers, and a database with a replica.
 *
 * This file says who gets what; which servers there are stands in the inventory. Look at what would happen with
 * "infra plan", make it so with "infra apply", and do both again whenever something changes.
 */
export default playbook('site', ({secret}) => {
  // Passwords are generated on first use and kept in secrets/passwords.age.yaml, encrypted.
  const replicator = {user: 'replicator', password: secret('mysql/replicator')};
  const app = {name: 'app', password: secret('mysql/app')};

  return [
    // Debian has MariaDB; "database: mysql" in the inventory asks for MySQL, where the distribution has it.
    play('database', {hosts: 'db'}, [
      ({host}) => [mysqlServer({family: host.vars.database === 'mysql' ? 'mysql' : 'mariadb'})],
    ]),

    // What is made on the primary reaches the replicas by replication. The web servers may use the database "app".
    play('primary', {hosts: 'primary', needs: ['database']}, [
      mysqlPrimary({
        replication: replicator,
        databases: [{name: 'app'}],
        users: [{...app, from: 'web', grants: {'app.*': ['SELECT', 'INSERT', 'UPDATE', 'DELETE']}}],
      }),
    ]),
    play('replica', {hosts: 'replica', needs: ['primary']}, [mysqlReplication(replicator)]),

    // The page is templates/nginx/index.html.ejs; yours, in a templates folder of your own, comes first.
    play('web', {hosts: 'web'}, [nginx({port: 80, healthPath: '/healthz'})]),

    play('balancer', {hosts: 'lb', needs: ['web']}, [haproxy({port: 80, backend: 'web', healthPath: '/healthz'})]),
  ];
});
