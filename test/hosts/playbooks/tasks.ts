import {fileURLToPath} from 'node:url';
import {
  apt,
  authorizedKey,
  block,
  command,
  directory,
  file,
  group,
  line,
  play,
  playbook,
  raw,
  reload,
  restart,
  service,
  sh,
  symlink,
  sysctl,
  template,
  user,
} from 'infra';

/*
 * Every task type once or more, on a bare host, with the names and contents that break careless tools.
 */

const DIRECTORY = '/srv/it\'s "a" $HOME `id`\ndirectory é🙂 -rf *';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN62Bhv7AMyBGOV1jmkLbYxHNAVYPy+zyuHoDB+x2F5v me@example.org';

const UNIT = `[Unit]
Description=A service of our own
[Service]
ExecStart=/bin/sleep infinity
ExecReload=/bin/true
[Install]
WantedBy=multi-user.target
`;

export default playbook('tasks', ({secret}) => [
  play('tasks', {hosts: 'all'}, [
    apt(['tree', 'less']),
    apt({packages: 'nano', state: 'absent'}),
    group({name: 'crew', gid: 4242}),
    user({name: 'app', groups: ['crew'], shell: '/bin/sh', comment: "O'Brien, app"}),
    authorizedKey({user: 'app', key: KEY}),
    directory({path: DIRECTORY, mode: '0750', owner: 'app', group: 'crew'}),
    file({path: `${DIRECTORY}/-n`, content: Buffer.from([0, 255, 254, 10, 13, 39, 34, 92, 36, 0])}),
    file({path: `${DIRECTORY}/empty`, content: ''}),
    file({path: `${DIRECTORY}/secret`, content: secret('canary'), owner: 'app'}),
    file({path: '/etc/cron.d/old', state: 'absent'}),
    symlink({path: `${DIRECTORY}/link\n`, target: '-- nowhere $(id)'}),
    template({
      path: `${DIRECTORY}/conf`,
      source: fileURLToPath(new URL('conf.ejs', import.meta.url)),
      vars: {password: secret('canary'), who: '<&>'},
    }),
    file({path: '/etc/infra-lines', content: '# kept\n', mode: '0640'}),
    line({path: '/etc/hosts', line: "198.18.0.200 o'host # $x", match: /o'host/}),
    line({path: '/etc/hosts', line: '198.18.0.201 other'}),
    block({path: '/etc/hosts', name: 'more', block: '198.18.0.202 a\n198.18.0.203 b'}),
    sysctl({name: 'net.ipv4.ip_local_port_range', value: '20000 60000'}),
    file({path: '/etc/systemd/system/ours.service', content: UNIT, notify: restart('ours')}),
    service({name: 'ours', enabled: true, running: true}),
    file({path: '/srv/reloads', content: 'x\n', notify: reload('ours')}),
    command({command: `printf "it's $((1+1))" > /srv/made`, creates: '/srv/made'}),
    command({
      command: raw('echo "$CANARY" | wc -c > /srv/length'),
      env: {CANARY: secret('canary')},
      unless: 'test -s /srv/length',
    }),
    command({command: sh`id -un > ${'/srv/who am i'}`, creates: '/srv/who am i', user: 'root'}),
  ]),
]);
