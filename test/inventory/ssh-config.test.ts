import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {sshConfigHosts} from '../../src/inventory/index.js';
import {readSshNames} from '../../src/inventory/ssh-config.js';
import {InputError} from '../../src/model/index.js';

const directory = mkdtempSync(path.join(tmpdir(), 'infra-ssh-'));
const file = path.join(directory, 'config');

test.before(() => {
  mkdirSync(path.join(directory, 'conf.d'));
  writeFileSync(path.join(directory, 'key'), '');
  writeFileSync(path.join(directory, 'conf.d', 'b.conf'), `Host inner\n  HostName=192.0.2.3\n`);
  writeFileSync(path.join(directory, 'conf.d', '.hidden.conf'), 'Host hidden\n');
  writeFileSync(
    file,
    `
Include ${directory}/conf.d/*.conf   # but no hidden file
Host web1 "web1.example.com" *.example.com !web9 -x
  HostName 192.0.2.1
  Port 2222
  User deploy
  IdentityFile ${directory}/none
  IdentityFile ${directory}/key
host = far
  ProxyJump bastion
Match host web1
  HostName 192.0.2.9
Host *
  User everybody
`,
  );
});
test.after.always(() => rmSync(directory, {recursive: true}));

test('names are found that are not patterns, in included files too, each once', (t) => {
  t.deepEqual(readSshNames(file), [
    {name: 'inner', hostName: '192.0.2.3'},
    {name: 'web1', hostName: '192.0.2.1'},
    {name: 'web1.example.com', hostName: '192.0.2.1'},
    {name: 'far'},
  ]);
});

test('files that include each other are read once', (t) => {
  const [one, other] = [path.join(directory, 'one'), path.join(directory, 'other')];
  writeFileSync(one, `Include ${other} ${other}\nHost a\n`);
  writeFileSync(other, `Include ${one}\nInclude ${other}\nHost b\n`);
  t.deepEqual(readSshNames(one), [{name: 'b'}, {name: 'a'}]);
});

test('a missing file has no names, and is told when it was named', async (t) => {
  t.deepEqual(readSshNames(path.join(directory, 'none')), []);
  await t.throwsAsync(sshConfigHosts(path.join(directory, 'none')), {instanceOf: InputError});
});

test.serial('without an ssh program only names and addresses are known', async (t) => {
  const {PATH} = process.env;
  process.env.PATH = directory;
  const hosts = await sshConfigHosts(file).finally(() => {
    process.env.PATH = PATH;
  });
  const note = 'only its name and address are known: the program ssh is not installed';
  t.deepEqual(hosts[0], {name: 'inner', address: '192.0.2.3', groups: [], notes: [note]});
});

test.serial('ssh itself resolves the names: address, port, user and the first key file that is there', async (t) => {
  writeFileSync(file, 'Host inner\n  IdentityFile ~/.ssh/id_rsa\n', {flag: 'a'});
  const [inner, web1, far] = await sshConfigHosts(file);
  t.like(inner, {name: 'inner', address: '192.0.2.3', port: 22, user: 'everybody', identityFile: undefined, notes: []});
  t.like(web1, {
    name: 'web1',
    address: '192.0.2.1',
    port: 2222,
    user: 'deploy',
    identityFile: path.join(directory, 'key'),
  });
  t.deepEqual(web1?.aliases, ['web1.example.com']);
  t.regex(far?.notes.join() ?? '', /ProxyJump/);
});

test.serial('what ssh has against the configuration becomes a note', async (t) => {
  const broken = path.join(directory, 'broken');
  writeFileSync(broken, 'Host web1\n  HostName 192.0.2.1\n  Nonsense yes\n');
  const [host] = await sshConfigHosts(broken);
  t.like(host, {name: 'web1', address: '192.0.2.1'});
  t.regex(host?.notes[0] ?? '', /ssh says: .*nonsense/i);
});

test('a relative Include starts from ~/.ssh', (t) => {
  const relative = path.join(directory, 'relative');
  writeFileSync(
    relative,
    `Include ${path.relative(path.join(homedir(), '.ssh'), path.join(directory, 'conf.d/b.conf'))}\n`,
  );
  t.is(readSshNames(relative)[0]?.name, 'inner');
});
