import {type SpawnSyncReturns, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import test, {type ExecutionContext} from 'ava';

const BIN = resolve('bin');
const EVIL = '$(touch EVIL)`touch EVIL`;touch EVIL';

const FILES = {
  'inventory/hosts.yml': `web: {hosts: {web1: {address: 192.0.2.1}, web2: {address: 192.0.2.2}}}
lb: {hosts: {lb1: {address: 192.0.2.3}}}
`,
  'playbooks/site.ts': `import {common} from './common.js';
export default playbook('site', [play('web', {hosts: 'web', tags: ['front', "pages"]}, [common]), ...more]);
`,
  'playbooks/common.ts': `export const common = apt('vim', {tags: 'tools'});
`,
  'playbooks/odd.ts': `play('x', {tags: ['odd${EVIL}', 'odd\\x1b[31m', "it's"]}, []);
`,
  'site.plan': '',
  'plans/my plan.plan': '',
  '.infra/runs/20261122-101500-k7f2.json': '{}',
  '.infra/runs/20261122-101600-m3q9.ndjson': '{}',
  'secrets/passwords.age.yaml': `# Each value is an age file
mysql/app: |
  -----BEGIN AGE ENCRYPTED FILE-----
mysql/root: |
  -----BEGIN AGE ENCRYPTED FILE-----
`,
};

function project(t: ExecutionContext, changed: Readonly<Record<string, string>> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'infra-completion-'));
  t.teardown(() => rmSync(directory, {recursive: true}));
  for (const [file, text] of Object.entries({...FILES, ...changed})) {
    mkdirSync(dirname(join(directory, file)), {recursive: true});
    writeFileSync(join(directory, file), text);
  }
  const {INFRA_INVENTORY: _, ...own} = process.env;
  const env = {...own, PATH: `${BIN}:${own.PATH}`};
  const run = (command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}, input = '') =>
    spawnSync(command, args, {cwd: directory, env: {...env, ...more}, encoding: 'utf8', input});
  /** What `infra complete` offers, without the descriptions. */
  const offers = (...words: string[]) => {
    const {stdout, stderr, status} = run('infra', ['complete', '--', ...words]);
    t.deepEqual([stderr, status], ['', 0]);
    return linesOf(stdout).map((line) => line.replace(/\t.*/, ''));
  };
  return {directory, run, offers};
}

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

test('commands, options and fixed choices are offered where they may stand', (t) => {
  const {offers} = project(t);
  t.deepEqual(offers('sh'), ['show']);
  t.deepEqual(offers('runs', 's'), ['show']);
  t.deepEqual(offers('help', 'runs', 's'), ['show']);
  t.deepEqual(offers('plan', '--detailed-exitcode', '--li'), ['--limit']);
  t.deepEqual(offers('plan', '--format', ''), ['text', 'json', 'markdown']);
  t.deepEqual(offers('apply', '--format='), ['--format=text', '--format=json']);
  t.deepEqual(offers('secrets', 'recipients', 'a'), ['add']);
  t.deepEqual(offers('completion', ''), ['bash', 'zsh', 'fish']);
  t.false(offers('').includes('complete'));
});

test('commands of the database offer its servers', (t) => {
  const db = `db: {children: {primary: {hosts: {db1: {address: 192.0.2.4}}}, replica: {hosts: {db2: {address: 192.0.2.5}}}}}\n`;
  const {offers} = project(t, {'inventory/hosts.yml': FILES['inventory/hosts.yml'] + db});
  for (const command of ['switchover', 'failover', 'rejoin', 'seed', 'check', 'backup'])
    t.deepEqual(offers('db', command, ''), ['db1', 'db2'], command);
  t.deepEqual(offers('db', 'check', 'db1', ''), ['db1', 'db2']);
  t.deepEqual(offers('db', 'seed', 'db2', '--from', 'd'), ['db1', 'db2']);
  t.deepEqual(offers('db', 'restore', '--to='), ['--to=db1', '--to=db2']);
  t.deepEqual(offers('db', 'restore', '--v'), ['--verbose', '--verify']);
  // Where the groups have other names, all hosts.
  t.deepEqual(project(t).offers('db', 'rejoin', ''), ['web1', 'web2', 'lb1']);
});

test('values come from the files of the project', (t) => {
  const {offers} = project(t, {'inventory/other.yml': 'all: {hosts: {else1: {address: 192.0.2.9}}}\n'});
  t.deepEqual(offers('plan', '-l', 'w'), ['web', 'web1', 'web2']);
  t.deepEqual(offers('plan', '--limit', 'web:!w'), ['web:!web', 'web:!web1', 'web:!web2']);
  t.deepEqual(offers('plan', '--limit=l'), ['--limit=lb', '--limit=lb1']);
  t.deepEqual(offers('plan', '-i', 'inventory/other.yml', '-l', 'e'), ['else1']);
  t.deepEqual(offers('lab', 'up', 'web1', 'l'), ['lb1']);
  t.deepEqual(offers('apply', '-i', ''), ['inventory/hosts.yml', 'inventory/other.yml']);
  t.deepEqual(offers('apply', '-p', ''), ['playbooks/common.ts', 'playbooks/odd.ts', 'playbooks/site.ts']);
  t.deepEqual(offers('apply', ''), ['site.plan']);
  t.deepEqual(offers('show', 'plans/'), ['plans/my plan.plan']);
  t.deepEqual(offers('plan', '--out', 'si'), ['site.plan']);
  t.deepEqual(offers('runs', 'show', ''), ['20261122-101600-m3q9', '20261122-101500-k7f2']);
  t.deepEqual(offers('runs', 'show', 'k'), ['k7f2']);
  for (const verb of ['get', 'set', 'rotate']) t.deepEqual(offers('secrets', verb, 'my'), ['mysql/app', 'mysql/root']);
});

test('tags are those written in the playbook and in its imports', (t) => {
  const {offers} = project(t);
  t.deepEqual(offers('plan', '--tags', ''), ['front', 'pages', 'tools']);
  t.deepEqual(offers('plan', '--skip-tags', 'front,t'), ['front,tools']);
});

test('nothing is offered or printed if the files are wrong or missing', (t) => {
  const {offers} = project(t, {'inventory/hosts.yml': 'web: {hosts: {web1: {adress: 192.0.2.1}}}\n'});
  t.deepEqual(offers('plan', '--limit', 'w'), []);
  t.deepEqual(offers('plan', '-i', 'inventory/none.yml', '--limit', 'w'), []);
  t.deepEqual(offers('plan', '-p', 'none.ts', '--tags', ''), []);
  t.deepEqual(offers('nonsense', '--nonsense', ''), []);
  t.deepEqual(offers('lab', 'ssh', 'web1', 'l'), []);
  const odd = project(t, {'inventory/hosts.yml': `web: {hosts: {"w${EVIL}": {address: 192.0.2.1}}}\n`});
  t.deepEqual(odd.offers('plan', '--limit', 'w'), []);
});

test('a word with control characters is not offered', (t) => {
  const {offers} = project(t, {'playbooks/odd.ts': "play('x', {tags: ['odd\x1b[31m', 'even']}, []);\n"});
  t.deepEqual(offers('plan', '-p', 'playbooks/odd.ts', '--tags', ''), ['even']);
});

test('bash gets what replaces the part of the word that it split off', (t) => {
  const {run} = project(t);
  t.deepEqual(bash(run, 'infra pl', ['infra', 'pl']), ['plan']);
  t.deepEqual(bash(run, 'infra plan --limit w', ['infra', 'plan', '--limit', 'w']), ['web', 'web1', 'web2']);
  t.deepEqual(bash(run, 'infra plan --limit=l', ['infra', 'plan', '--limit', '=', 'l']), ['lb', 'lb1']);
  t.deepEqual(bash(run, 'infra plan --limit web:l', ['infra', 'plan', '--limit', 'web', ':', 'l']), ['lb', 'lb1']);
  const quoted = ['infra', 'plan', '-l', "'web:!w"];
  t.deepEqual(bash(run, "infra plan -l 'web:!w", quoted), ['web:!web', 'web:!web1', 'web:!web2']);
  t.deepEqual(bash(run, 'infra  secrets get ', ['infra', 'secrets', 'get', '']), ['mysql/app', 'mysql/root']);
  t.deepEqual(bash(run, 'infra show plans/m', ['infra', 'show', 'plans/m']), ['plans/my\\ plan.plan']);
});

test('bash evaluates no name, and gets it quoted', (t) => {
  const {run, directory} = project(t, {[`plans/a${EVIL}.plan`]: ''});
  const [tag = '', ...others] = bash(run, 'infra plan -p playbooks/odd.ts -t o', [
    ...['infra', 'plan', '-p', 'playbooks/odd.ts', '-t', 'o'],
  ]);
  t.is(run('bash', ['-c', `printf %s ${tag}`]).stdout, `odd${EVIL}`);
  t.deepEqual(others, ['odd\\\\x1b\\[31m']);
  const [file = ''] = bash(run, 'infra show plans/a', ['infra', 'show', 'plans/a']);
  t.is(run('bash', ['-c', `printf %s ${file}`]).stdout, `plans/a${EVIL}.plan`);
  t.deepEqual(
    bash(run, 'infra plan -p playbooks/odd.ts -t "o', [...['infra', 'plan', '-p', 'playbooks/odd.ts', '-t', '"o']]),
    [],
  );
  t.false(existsSync(join(directory, 'EVIL')));
});

type Run = (
  command: string,
  args: readonly string[],
  more?: NodeJS.ProcessEnv,
  input?: string,
) => SpawnSyncReturns<string>;

/** What bash's completion answers for a line with the cursor at its end, which readline has parted into words. */
function bash(run: Run, line: string, words: readonly string[]): readonly string[] {
  const script = `source <(infra completion bash)
COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=("\${@:2}") COMP_CWORD=$(($# - 2))
_infra 2>&1 && printf '%s\\n' "\${COMPREPLY[@]}"`;
  return linesOf(run('bash', ['--norc', '-c', script, 'bash', line, ...words]).stdout);
}

/** What a line becomes when it is typed in an interactive shell with TAB at its end: its words. */
function typed(run: Run, shell: 'bash' | 'zsh', line: string): readonly string[] {
  const start = {bash: 'bash --norc --noprofile -i', zsh: 'zsh -f -i'}[shell];
  const setup = {bash: 'bind "set bell-style none"', zsh: 'bindkey -e; autoload -U compinit; compinit -u -D'}[shell];
  // Control-A and Control-E: at the beginning and at the end of what TAB has made of it.
  const keys = `${setup}; source <(infra completion ${shell})\n${line}\t\x01printf '<%s>' \x05 END\nexit\n`;
  const {stdout} = run('script', ['-qec', start, '/dev/null'], {TERM: 'dumb', SHELL: '/bin/sh'}, keys);
  const printed = stdout.slice(stdout.lastIndexOf('<infra>'), stdout.lastIndexOf('<END>'));
  return [...printed.matchAll(/<(.*?)>/gs)].map(([, word = '']) => word).slice(1);
}

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;
const title = (shell: string, text: string) => (has(shell) ? text : `${text} (skipped: ${shell} is not installed)`);

(has('fish') ? test : test.skip)(title('fish', 'fish offers values and evaluates none'), (t) => {
  const {run, directory} = project(t);
  const fish = (line: string) =>
    linesOf(run('fish', ['--no-config', '-c', 'infra completion fish | source; complete -C $argv[1]', line]).stdout);
  t.deepEqual(fish('infra pl'), ['plan\tshow what apply would change, as diffs']);
  t.deepEqual(fish('infra plan --limit w'), ['web', 'web1', 'web2']);
  t.deepEqual(fish('infra plan --limit=l'), ['--limit=lb', '--limit=lb1']);
  t.deepEqual(fish("infra plan -l 'web:!web1"), ['web:!web1']);
  t.true(fish('infra plan -p playbooks/odd.ts -t o').includes(`odd${EVIL}`));
  t.false(existsSync(join(directory, 'EVIL')));
});

for (const shell of ['bash', 'zsh'] as const) {
  (has(shell) ? test : test.skip)(title(shell, `TAB in ${shell} completes words, and evaluates none`), (t) => {
    const {run, directory} = project(t);
    t.deepEqual(typed(run, shell, 'infra plan --limit=lb'), ['plan', '--limit=lb']);
    t.deepEqual(typed(run, shell, 'infra apply --limit web:w'), ['apply', '--limit', 'web:web']);
    t.deepEqual(typed(run, shell, "infra plan -l 'web:!web1"), ['plan', '-l', 'web:!web1']);
    t.deepEqual(typed(run, shell, 'infra show plans/m'), ['show', 'plans/my plan.plan']);
    t.deepEqual(typed(run, shell, "infra plan -p playbooks/odd.ts -t 'odd$"), [
      ...['plan', '-p', 'playbooks/odd.ts', '-t', `odd${EVIL}`],
    ]);
    t.deepEqual(typed(run, shell, 'infra plan -p playbooks/odd.ts -t odd\\$'), [
      ...['plan', '-p', 'playbooks/odd.ts', '-t', `odd${EVIL}`],
    ]);
    t.false(existsSync(join(directory, 'EVIL')));
  });
}
