import {haproxy, mysqlPrimary, mysqlReplication, mysqlServer, nginx, play, playbook} from 'infra';

/** A site as it was before anybody thought of protecting it: no firewall, no TLS. */
export default playbook('plain', ({secret}) => {
  const replicator = {user: 'replicator', password: secret('mysql/replicator')};
  const app = {name: 'app', password: secret('mysql/app')};
  return [
    play('database', {hosts: 'db'}, [mysqlServer({})]),
    play('primary', {hosts: 'db', needs: ['database']}, [
      mysqlPrimary({
        replication: replicator,
        databases: [{name: 'app'}],
        users: [{...app, from: 'lb', grants: {'app.*': ['SELECT', 'INSERT', 'UPDATE', 'DELETE']}}],
      }),
    ]),
    play('replica', {hosts: 'db', needs: ['primary']}, [mysqlReplication(replicator)]),
    play('web', {hosts: 'web'}, [nginx()]),
    play('balancer', {hosts: 'lb', needs: ['web']}, [haproxy({backend: 'web'})]),
  ];
});
