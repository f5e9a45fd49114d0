import {spawnSync} from 'node:child_process';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';

const infra = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['bin/infra', ...args], {encoding: 'utf8', env: {...process.env, COLUMNS: '100'}});

test('unknown words are answered with the nearest one, and the way to the help', (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['aply', 'apply', 'infra'],
    ['runs sho', 'show', 'infra runs'],
    ['secrets recipients ad', 'add', 'infra secrets recipients'],
    ['lab uo', 'up', 'infra lab'],
    ['apply --yess', '--yes', 'infra apply'],
    ['secrets rotate --identitty', '--identity', 'infra secrets rotate'],
    ['plan --format jsn', 'json', 'infra plan'],
    ['completion basch', 'bash', 'infra completion'],
  ];
  for (const [line, meant, command] of cases) {
    const {stdout, stderr, status} = infra(...line.split(' '));
    t.deepEqual([stdout, status], ['', 1], line);
    const ending = `\n(Did you mean ${meant}?)\nRun "${command} --help" for usage.\n`;
    t.true(stderr.startsWith('error: ') && stderr.endsWith(ending), stderr);
  }
});

test('habits of other tools and misplaced words are answered with what does it here', (t) => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['plan web1', /To name hosts or groups: infra plan --limit web1$/],
    ['plan playbooks/site.ts', /infra plan --playbook playbooks\/site\.ts$/],
    ['playbooks/site.ts', /infra plan --playbook playbooks\/site\.ts$/],
    ['inventory/hosts.yml', /infra plan --inventory inventory\/hosts\.yml$/],
    ['-i inventory/hosts.yml plan', /Options come after the command: infra plan -i …$/],
    ['--limit web apply', /Options come after the command: infra plan --limit …$/],
    ['ping', /infra plan connects to all hosts/],
    ['deploy', /infra apply/],
    ['apply -K', /infra does not enter passwords/],
    ['apply --extra-vars x=1', /Put variables in the inventory/],
    ['plan -u root', /in the inventory: user$/],
  ];
  for (const [line, advice] of cases) {
    const {stdout, stderr, status} = infra(...line.split(' '));
    t.deepEqual([stdout, status], ['', 1], line);
    const [error = '', help = '', ...rest] = stderr.split('\n');
    t.regex(error, /^error: /, line);
    t.true(help.startsWith('help: ') && advice.test(help), stderr);
    t.deepEqual(rest, [''], stderr);
  }
});

test('a file that is not a saved plan is refused with what it is', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'infra-test-'));
  const apply = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return infra('apply', join(directory, name)).stderr;
  };
  t.regex(
    apply('site.yml', '---\n- hosts: web\n  tasks: []\n'),
    /is a playbook for Ansible\nhelp: Playbooks of infra are TypeScript/,
  );
  t.regex(apply('hosts.yml', 'web:\n  hosts: {}\n'), /is YAML, not a saved plan\nhelp: .*infra apply --inventory/);
  t.regex(apply('site.ts', ''), /is a playbook, not a saved plan\nhelp: .*infra apply --playbook/);
  t.regex(apply('x.plan', ''), /is not a saved plan\nhelp: Save a plan with: infra plan/);
  t.regex(
    infra('apply', 'web1').stderr,
    /the plan web1 does not exist\n.*\nTo name hosts or groups: infra apply --limit web1\n/,
  );
});

test('without a similar word nothing is guessed', (t) => {
  t.is(infra('runs', 'xyzzy').stderr, 'error: unknown command \'xyzzy\'\nRun "infra runs --help" for usage.\n');
  t.notRegex(infra('plan', '--format', 'xyzzy').stderr, /Did you mean/);
});

test('options for less and for more output exclude each other', (t) => {
  for (const line of ['plan -q -v', 'apply -vv --quiet', 'apply --step -q']) {
    const {stderr, status} = infra(...line.split(' '));
    t.is(status, 1);
    t.regex(stderr, /^error: option '[^']+' cannot be used with option '[^']+'\n/, line);
  }
});

test('the help of every command says what it is for, describes its options and arguments, and has examples', (t) => {
  const commands = everyCommand([]);
  t.true(commands.length > 20, commands.map(({path}) => path.join(' ')).join(', '));
  for (const {path, help} of commands) {
    const name = ['infra', ...path].join(' ');
    t.regex(help, /^Usage: .*\n\n\S.*\n/, name);
    t.true(help.includes('\nExamples:\n'), name);
    t.true(help.split('\nExamples:\n')[1]?.split(`  ${name}`).length !== 1, `${name} is in its examples`);
    const [, usage = ''] = /^Usage: (.*)/.exec(help) ?? [];
    for (const [, argument = ''] of usage.replace(/\[(options|command)\]/g, '').matchAll(/[<[]([\w|-]+)/g))
      t.regex(help, new RegExp(`\n  ${argument.replace('|', '\\|')} +\\S`), name);
    const [, listed = ''] =
      /\n((?:Arguments|Options):\n[\s\S]*?)(?:\n\nCommands:|\n\n\S+ \S|\n\nExamples:)/.exec(help) ?? [];
    const bare = listed.split('\n').filter((line) => /^ {2}\S/.test(line) && !/^ {2}\S.*? {2,}\S/.test(line));
    t.deepEqual(bare, [], `${name} describes what it takes`);
  }
});

/** A command, by the words that lead to it, and those under it. */
function everyCommand(path: readonly string[]): readonly {path: readonly string[]; help: string}[] {
  const help = infra(...path, '--help').stdout;
  const [, list = ''] = /\nCommands:\n((?: {2}.*\n)+)/.exec(help) ?? [];
  const names = [...list.matchAll(/^ {2}(\S+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
  return [{path, help}, ...names.flatMap((name) => everyCommand([...path, name]))];
}
