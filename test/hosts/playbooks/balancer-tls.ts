import {readFileSync} from 'node:fs';
import {haproxy, ownCertificate, play, playbook} from 'infra';

/*
 * Balancers with HTTPS on both sides, three services over the same two servers, and a door to the database. The
 * certificates lie in the directory that the inventory names.
 */
export default playbook('balancer-tls', [
  play('balancer', {hosts: 'lb'}, [
    ({host}) => {
      const directory = String(host.vars.certificates);
      const certificate = ownCertificate({certificate: `${directory}/site.crt`, key: `${directory}/site.key`});
      const backendTls = {authority: {certificate: readFileSync(`${directory}/ca.pem`, 'utf8')}};
      const site = {backend: 'web', backendTls, healthText: 'fine'};
      const tls = {certificate, names: ['www.example.org']};
      const quiet = {...tls, redirectFrom: false} as const;
      return [
        haproxy({
          services: [
            {...site, tls},
            {...site, port: 8443, name: 'passive', mode: 'active-passive', tls: quiet},
            {
              ...site,
              port: 8444,
              name: 'limited',
              rateLimit: {requests: 20, seconds: 300},
              tls: {...quiet, profile: 'modern'},
            },
          ],
          maxConnections: Number(host.vars.maxConnections ?? 1000),
          databases: {group: 'web', from: {network: '198.18.0.1'}},
          stats: {from: {network: '198.18.0.1'}},
        }),
      ];
    },
  ]),
]);
