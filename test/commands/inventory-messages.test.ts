import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import test, {type ExecutionContext} from 'ava';

const BIN = resolve('bin/infra');
const SITE = `import {play, playbook} from 'infra';
export default playbook('site', [play('pages', {hosts: 'wbe'}, []), play('data', {hosts: 'bd'}, [])]);
`;

/** What `infra plan` says on standard error, in a project of these files. */
function plan(t: ExecutionContext, files: Readonly<Record<string, string>>, ...args: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'infra-messages-'));
  t.teardown(() => rmSync(directory, {recursive: true}));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, file)), {recursive: true});
    writeFileSync(join(directory, file), text);
  }
  const {INFRA_INVENTORY: _, ...own} = process.env;
  const env = {...own, NO_COLOR: '1', XDG_CACHE_HOME: join(directory, 'cache')};
  const {status, stderr} = spawnSync(process.execPath, [BIN, 'plan', ...args], {cwd: directory, env, encoding: 'utf8'});
  t.is(status, 1);
  t.notRegex(stderr, /^\s+at (async )?\S+ \(/m);
  return stderr;
}

test('a directory without an inventory gets advice how to start a project', (t) => {
  const said = plan(t, {
    'inventory/hosts.schema.json': '{}',
    'inventory/group_vars/web.yml': '',
    'inventory/.x.yml': '',
  });
  t.regex(said, /there is no inventory here/);
  t.regex(said, /infra init/);
  t.regex(said, /--inventory/);
});

test('several inventories are named, and no other files next to them', (t) => {
  const said = plan(t, {'inventory/a.yml': '', 'inventory/b.yaml': '', 'inventory/hosts.schema.json': '{}'});
  t.regex(said, /there are several inventories: inventory\/a\.yml, inventory\/b\.yaml\n/);
});

test('every misspelt name of a group in a playbook is shown at its line, with the one that was meant', (t) => {
  const hosts = 'web: {hosts: {web1: {address: 192.0.2.1}}}\ndb: {hosts: {db1: {address: 192.0.2.2}}}\n';
  const said = plan(t, {'inventory/hosts.yml': hosts, 'playbooks/site.ts': SITE});
  t.regex(said, /play "pages": no group or host is named "wbe"[\s\S]*Did you mean "web"\?/);
  t.regex(said, /play "data": no group or host is named "bd"[\s\S]*Did you mean "db"\?/);
  t.regex(said, /site\.ts:2:/);
});

test('a misspelt name in --limit is reported for that option, with the one that was meant', (t) => {
  const site = SITE.replace('wbe', 'web').replace('bd', 'web');
  const files = {'inventory/hosts.yml': 'web: {hosts: {web1: {address: 192.0.2.1}}}', 'playbooks/site.ts': site};
  t.regex(
    plan(t, files, '--limit', 'wbe1'),
    /--limit wbe1: no group or host is named "wbe1"[\s\S]*Did you mean "web1"\?/,
  );
});
