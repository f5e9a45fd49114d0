import test from 'ava';
import {planHost} from '../../../src/engine/plan/plan-host.js';
import type {Host, Task} from '../../../src/model/index.js';
import {command, service} from '../../../src/tasks/index.js';
import {parsePortHolders} from '../../../src/tasks/systemd/unit.js';

const host: Host = {
  name: 'web1',
  address: '192.0.2.21',
  port: 22,
  user: 'root',
  become: false,
  identityFiles: [],
  knownHostsFiles: [],
  groups: ['all'],
  vars: {},
};

const TAKEN = `LoadState=not-found
ActiveState=inactive
port 80 is used by apache2 (pid 812) apache2.service
`;
const RUNNING = `Id=apache2.service
LoadState=loaded
UnitFileState=enabled
ActiveState=active
`;

const nginx = service({name: 'nginx', ports: [80, 443]});

function plan(...answers: readonly (readonly [Task, string])[]) {
  const tasks = answers.map(([task]) => ({task, question: task.open({templateDirectories: []})}));
  const replies = answers.map(([, stdout]) => ({code: 0, stdout, stderr: '', truncated: false}));
  return planHost(host, [{name: 'play', needs: [], tasks}], {replies, pending: [], lastRun: ''});
}

test('a port that another program has fails the plan, with who has it and how to end that', (t) => {
  const {failure, tasks} = plan([nginx, TAKEN]);
  t.deepEqual(
    tasks.map(({verdict}) => verdict.type),
    ['failed'],
  );
  t.is(failure?.message, 'port 80 is used by apache2 (pid 812)');
  t.is(
    failure?.hint,
    'If apache2 is not needed, stop it on the host:\nsystemctl disable --now apache2.service\nElse give nginx another port.',
  );
});

test('a task before it that ends the program leaves it known after apply', (t) => {
  const off = service({name: 'apache2', enabled: false, running: false});
  const verdict = {type: 'unknown', because: 'port 80 is used by apache2 (pid 812)'} as const;
  t.like(plan([off, RUNNING], [nginx, TAKEN]).tasks.at(-1), {verdict});
  const kill = command({command: 'systemctl stop apache2.service'});
  t.like(plan([kill, 'due\n'], [nginx, TAKEN]).tasks.at(-1), {verdict});
  t.is(plan([service({name: 'apache2'}), RUNNING], [nginx, TAKEN]).failure?.reason, 'probe-failed');
  t.is(plan([command({command: 'true'}), 'due\n'], [nginx, TAKEN]).failure?.reason, 'probe-failed');
});

test('a service that runs, or should not, is not asked about ports', (t) => {
  t.regex(String(nginx.open({templateDirectories: []}).probe), /inactive.*ss -Hltnp|inactive.*\n.*ss -Hltnp/);
  t.notRegex(
    String(service({name: 'nginx', ports: [80], running: false}).open({templateDirectories: []}).probe),
    /ss -Hl/,
  );
});

test('a start that fails for a port names the program that uses it', (t) => {
  const stderr = 'bind() failed (98: Address already in use)\nport 80 is used by my prog (pid 9) \n';
  const hint = service({name: 'nginx'}).hint?.({code: 1, stdout: '', stderr, truncated: false});
  t.deepEqual(hint, {
    message: 'port 80 is used by my prog (pid 9)',
    hint: 'If my prog is not needed, stop it on the host.\nElse give nginx another port.',
  });
  t.deepEqual(parsePortHolders('port 80 is used by what'), []);
});
