import {nginx, ownCertificate, play, playbook} from 'infra';

/*
 * Web servers with HTTPS. Their certificates lie in the directory that the inventory names, NAME.crt and NAME.key.
 */
export default playbook('web-tls', [
  play('web', {hosts: 'web'}, [
    ({host}) => {
      const path = `${host.vars.certificates}/${host.name}`;
      const certificate = ownCertificate({certificate: `${path}.crt`, key: `${path}.key`});
      return [nginx({serverName: 'www.example.org', tls: {certificate}})];
    },
  ]),
]);
