import {acme, apt, certificateFor, file, haproxy, line, play, playbook, restart, service} from 'infra';

const PEBBLE = {
  listenAddress: '0.0.0.0:14000',
  managementListenAddress: '127.0.0.1:15000',
  httpPort: 80,
  tlsPort: 443,
  certificate: '/etc/pebble/pebble.crt',
  privateKey: '/etc/pebble/pebble.key',
};

const UNIT = `[Service]
ExecStart=/usr/bin/pebble -config /etc/pebble/config.json
Environment=PEBBLE_VA_NOSLEEP=1
[Install]
WantedBy=multi-user.target
`;

const again = {notify: restart('pebble')};

/** Two balancers with two versions of lego, and a test authority that looks for the site at the second one alone. */
export default playbook('acme', async ({authority, secret}) => {
  const ca = await authority();
  const certificate = acme({
    email: 'ops@example.test',
    account: secret('acme/account'),
    until: ca,
    directory: 'https://rel-12:14000/dir',
    trust: ca,
  });
  return [
    play('authority', {hosts: 'rel-12'}, [
      apt('pebble'),
      (context) =>
        certificateFor(ca, {names: ['rel-12'], path: PEBBLE.certificate, key: PEBBLE.privateKey, ...again}, context),
      file({path: '/etc/pebble/config.json', content: JSON.stringify({pebble: PEBBLE}), ...again}),
      file({path: '/etc/systemd/system/pebble.service', content: UNIT, ...again}),
      service({name: 'pebble'}),
      line({path: '/etc/hosts', line: '198.18.0.72 www.example.test'}),
    ]),
    play('balancers', {hosts: 'rel-13:rel-sid', needs: ['authority']}, [
      line({path: '/etc/hosts', line: '198.18.0.71 rel-12'}),
      haproxy({backend: 'web', tls: {certificate, names: ['www.example.test']}}),
    ]),
  ];
});
