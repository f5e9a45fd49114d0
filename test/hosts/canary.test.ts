import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {filesWith, holds, keptOn, needlesOf, newCanary, newKey, watchProcesses} from '../support/canary.js';
import {bareHosts} from '../support/hosts.js';
import {askHost, type Outcome, type TestHost, labTest as test} from '../support/lab.js';
import {newProject, type Project} from '../support/project.js';

/*
 * A secret in every place that takes one, through success, failure, time-out and kill, as talkative as can be: it is
 * found nowhere but in the files that need it, which are for their owners alone.
 */
const HOSTS: Readonly<Record<string, TestHost>> = {
  'canary-1': {address: '198.18.0.60', groups: ['any'], suite: 'trixie', vars: {database: 'mariadb-server'}},
  'canary-2': {address: '198.18.0.61', groups: ['any'], suite: 'sid', vars: {database: 'mysql-server'}},
};

const CANARY = newCanary();
const KEY = newKey();
const needles = [CANARY, KEY].flatMap(needlesOf);
const outputs: string[] = [];

let project: Project;
let hosts = '';
const env = () => ({
  XDG_CACHE_HOME: path.join(project.directory, 'cache'),
  TMPDIR: path.join(project.directory, 'tmp'),
});

const text = (file: string) => readFile(path.join(project.directory, file), 'utf8');

async function infra(args: readonly string[], mode = 'fine'): Promise<Outcome> {
  const outcome = await project.run(args, {...env(), MODE: mode});
  outputs.push(outcome.stdout, outcome.stderr);
  return outcome;
}

const given = () => ['--inventory', hosts, '--playbook', 'site.ts'];
const apply = (mode: string, ...more: readonly string[]) =>
  infra(['apply', '--yes', '-vvv', ...more, ...given()], mode);

async function set(name: string, value: string): Promise<void> {
  const {child, outcome} = project.start(['secrets', 'set', name], env(), value);
  const {code, stdout, stderr} = await outcome;
  outputs.push(stdout, stderr);
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')}: ${stderr}`);
}

/** Nothing but these, and no process: `work` does what may leak. */
async function watching(
  t: {deepEqual(one: unknown, two: unknown): void; true(value: boolean): void},
  work: () => Promise<void>,
) {
  const app = (await askHost('canary-1', 'id -u app 2>/dev/null || echo 0')).trim();
  const stop = watchProcesses(needles, ['0', '1000', '1001', app]);
  await work().finally(() => {
    const {rounds, seen} = stop();
    t.deepEqual(seen, []);
    t.true(rounds > 5);
  });
}

test.before(async () => {
  hosts = await bareHosts(HOSTS);
  project = await newProject(await readFile('test/hosts/playbooks/canary.ts', 'utf8'));
  for (const name of ['templates', 'cache', 'tmp']) await mkdir(path.join(project.directory, name));
  await writeFile(
    path.join(project.directory, 'templates/app.conf.ejs'),
    'user=app\npassword="<%= canary %>"\n<%= key %>\n',
  );
  await set('canary', CANARY);
  await set('canary/key', KEY);
});

test('a secret in every place is planned, saved, shown and applied', async (t) => {
  await watching(t, async () => {
    for (const format of ['text', 'json', 'markdown']) {
      const planned = await infra(['plan', '--format', format, ...given()]);
      t.is(planned.code, 0, planned.stderr);
    }
    await infra(['plan', '--out', 'site.plan', ...given()]);
    const applied = await infra(['apply', 'site.plan', '--yes', '-vvv']);
    t.is(applied.code, 0, applied.stdout + applied.stderr);
    t.regex(applied.stdout, /\| .*user:.*|\(sensitive\)/);
    for (const format of ['text', 'json', 'markdown']) await infra(['show', 'site.plan', '--format', format]);
  });
});

test('it fails, is ignored, runs out of time and is retried', async (t) => {
  await watching(t, async () => {
    t.is((await apply('failing')).code, 1);
    t.is((await apply('failing', '--format', 'json')).code, 1);
    t.is((await apply('ignored')).code, 0);
    const slow = await apply('slow');
    t.is(slow.code, 1);
    t.regex(slow.stdout, /did not end within 2 seconds/);
  });
});

test('it is killed in the middle, and stopped', async (t) => {
  await watching(t, async () => {
    for (const signals of [['SIGKILL'], ['SIGINT', 'SIGINT']] as const) {
      const running = project.start(['apply', '--yes', '-vvv', ...given()], {...env(), MODE: 'killed'});
      await running.printed(/waiting/);
      for (const signal of signals) {
        running.child.kill(signal);
        await sleep(500);
      }
      const {stdout, stderr} = await running.outcome;
      outputs.push(stdout, stderr);
    }
    t.regex((await infra(['runs'])).stdout, / killed /);
    for (const run of ['show', 'show --output']) await infra(['runs', ...run.split(' ')]);
    for (const page of [[], ['site.plan']]) {
      const {code, stdout, stderr} = await infra(['report', ...page, '--output', '-']);
      t.is(code, 0, stderr);
      t.regex(stdout, /<\/html>/);
    }
  });
});

test('a new value is brought to the hosts, and neither it nor the old one is shown', async (t) => {
  const next = newCanary();
  needles.push(...needlesOf(next));
  await set('canary', next);
  await askHost('canary-1', 'touch /srv/quiet');
  await askHost('canary-2', 'touch /srv/quiet');
  await watching(t, async () => {
    await infra(['plan', ...given()]);
    const applied = await apply('fine');
    t.is(applied.code, 0, applied.stdout + applied.stderr);
  });
  const plan = await infra(['plan', '--detailed-exitcode', ...given()]);
  t.is(plan.code, 0, plan.stdout);
  t.is(await askHost('canary-1', 'cat /srv/token'), next);
});

/** With mode, owner and group. */
const NEEDING = [
  'app.conf 600 root root',
  'block 600 root root',
  'key.pem 640 root app',
  'lines 600 root root',
  'tls.key 600 root root',
  'token 400 app root',
];

test('it is in no output and in no file of the project, and on the hosts only in the files that need it', async (t) => {
  const keys = await Promise.all(Object.keys(HOSTS).map((host) => askHost(host, 'cat /srv/tls.key')));
  const issued = keys.flatMap(needlesOf);
  t.true(issued.length > 6);
  const all = [...needles, ...issued];
  t.deepEqual(
    outputs.filter((text) => holds(all, text)),
    [],
  );
  t.true(outputs.some((text) => text.includes('(sensitive)')));
  t.deepEqual(await filesWith(all, project.directory), []);
  t.deepEqual(await filesWith(all, '/dev/shm'), []);
  for (const host of Object.keys(HOSTS)) {
    const {files, journal} = await keptOn(host, all);
    t.deepEqual(
      files,
      NEEDING.map((file) => `/srv/${file}`),
      host,
    );
    t.is(journal, '', host);
  }
});

test('the stock age program opens what infra keeps, and infra what age encrypts', async (t) => {
  const [identity, values, recipients] = await Promise.all(
    ['.infra/identity.txt', 'secrets/passwords.age.yaml', 'secrets/recipients.txt'].map((file) => text(file)),
  );
  const answer = await askHost(
    'canary-1',
    `apt-get install -yq age >/dev/null 2>&1; cd "$(mktemp -d)" || exit; umask 077
cat >identity <<'END'\n${identity}\nEND\ncat >values <<'END'\n${values}\nEND\ncat >recipients <<'END'\n${recipients}\nEND
sed -n '/^canary.key:/,/END AGE/s/^  //p' values | age --decrypt --identity identity && echo ===== &&
echo 'from age' | age --encrypt --armor --recipients-file recipients; rm -rf "$PWD"`,
  );
  const [opened, sealed = ''] = answer.split('=====\n');
  t.is(opened, KEY);
  const theirs = `theirs: |\n  ${sealed.trimEnd().replaceAll('\n', '\n  ')}\n`;
  await writeFile(path.join(project.directory, 'secrets/passwords.age.yaml'), values + theirs);
  t.is((await project.run(['secrets', 'get', 'theirs'])).stdout, 'from age\n');
});
