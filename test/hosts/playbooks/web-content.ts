import {fileURLToPath} from 'node:url';
import {directory, file, nginx, ownCertificate, play, playbook, restart, service} from 'infra';

/*
 * Web servers with HTTPS, each with a directory or an application as its variables say. The application is what a bare
 * host can run: a shell script for each connection, which answers with the request that it got.
 */
export default playbook('web-content', [
  play('web', {hosts: 'web'}, [
    ({host}) => {
      const {certificates, directory, application} = host.vars;
      const path = `${certificates}/${host.name}`;
      const tls = {certificate: ownCertificate({certificate: `${path}.crt`, key: `${path}.key`})};
      if (typeof directory === 'string') return [nginx({serverName: 'www.example.org', tls, directory})];
      const port = Number(application);
      return [...echo(port), nginx({serverName: 'www.example.org', tls, application: port})];
    },
  ]),
]);

const echo = (port: number) => [
  directory({path: '/srv/echo'}),
  file({path: '/srv/echo/answer', source: fileURLToPath(new URL('echo.sh', import.meta.url)), mode: '0755'}),
  file({path: '/etc/systemd/system/echo@.service', content: SERVICE, notify: restart('echo.socket')}),
  file({path: '/etc/systemd/system/echo.socket', content: socket(port), notify: restart('echo.socket')}),
  service({name: 'echo.socket'}),
];

const SERVICE = `[Service]
ExecStart=/srv/echo/answer
StandardInput=socket
`;

const socket = (port: number) => `[Socket]
ListenStream=127.0.0.1:${port}
Accept=yes
[Install]
WantedBy=sockets.target
`;
