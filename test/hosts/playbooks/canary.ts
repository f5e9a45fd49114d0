import {apt, block, certificate, command, file, line, mysqlUser, play, playbook, sh, template, user} from 'infra';

/* A secret in every place that takes one, and a command that prints it in many forms and ends as MODE says. */

const mode = process.env.MODE ?? 'fine';
const ends: Readonly<Record<string, string>> = {
  fine: ': >/srv/fine',
  failing: 'exit 3',
  ignored: 'exit 4',
  slow: 'sleep 60',
  killed: 'echo waiting; sleep 60',
};
const loud = `set -x; : "$TOKEN"; set +x; echo "$TOKEN"; echo "$KEY" >&2
printf 'user:%s' "$TOKEN" | base64 -w0; echo; echo "$KEY" | base64; ${ends[mode] ?? ':'}`;

export default playbook('canary', async ({secret, authority}) => {
  const canary = secret('canary');
  const key = secret('canary/key');
  const from = await authority();
  const tell = {id: 'tell', command: sh`: ${canary}; echo told`};
  const env = {TOKEN: canary};
  return [
    play('all', {hosts: 'all'}, [
      user({name: 'app'}),
      file({path: '/srv/token', content: canary, owner: 'app', mode: '0400', notify: tell}),
      file({path: '/srv/key.pem', content: key, group: 'app', mode: '0640'}),
      template({path: '/srv/app.conf', source: 'app.conf', vars: {canary, key}, notify: tell}),
      line({path: '/srv/lines', line: canary, create: true}),
      block({path: '/srv/block', name: 'key', block: key, create: true}),
      certificate({path: '/srv/tls.crt', key: '/srv/tls.key', from, names: ['canary.example']}),
      command({name: 'text', command: sh`printf %s ${canary} | wc -c >/srv/length; sleep 1`, creates: '/srv/length'}),
      command({
        name: 'as app',
        command: 'sleep 1; echo "$TOKEN"; id -un >/tmp/who',
        user: 'app',
        env,
        creates: '/tmp/who',
      }),
      ({host}) => [
        apt(String(host.vars.database)),
        mysqlUser({name: 'app', hosts: ['localhost'], password: canary, grants: {'*.*': ['PROCESS']}}),
      ],
      command({
        name: 'loud',
        command: loud,
        env: {TOKEN: canary, KEY: key},
        unless: `test -e /srv/${mode} || test -e /srv/quiet`,
        ignoreErrors: mode === 'ignored',
        ...(mode === 'slow' && {timeout: 2}),
        ...(mode === 'fine' && {until: ({stdout}) => stdout !== ''}),
      }),
    ]),
  ];
});
