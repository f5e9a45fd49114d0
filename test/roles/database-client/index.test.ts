import test, {type ExecutionContext} from 'ava';
import {InputError} from '../../../src/model/index.js';
import {databaseClient} from '../../../src/roles/index.js';
import {Secret} from '../../../src/shell/index.js';
import {restart} from '../../../src/tasks/index.js';
import {compile, written} from '../compile.js';

const SITE = `
lb:
  hosts:
    lb1: {address: 192.0.2.11}
    lb2: {address: 192.0.2.12}
web: {hosts: {web1: {address: 192.0.2.21}}}
`;

const BASIC = {
  ...{user: 'app', name: 'db.example.org', database: 'shop'},
  account: {name: 'app', password: new Secret('correct-horse')},
  authority: {certificate: 'PEM of the authority\n'},
};

type Options = Parameters<typeof databaseClient>[0];

const tasksOf = (more: Partial<Options> = {}, inventory = SITE) =>
  compile(databaseClient({...BASIC, ...more}), inventory, 'web');

const fileOf = (name: string, more: Partial<Options> = {}) =>
  written(tasksOf(more).get(`template /etc/infra/database/${name}`)).text;

/** What `/etc/hosts` gets. */
function hostsLines(more: Partial<Options> = {}, inventory = SITE): string {
  const task = tasksOf(more, inventory).get('block /etc/hosts: database db.example.org');
  const question = task?.open({templateDirectories: []});
  return JSON.stringify(question?.spec);
}

test('the name leads to the address that the balancers share, or to each of them in turn', (t) => {
  t.regex(hostsLines({address: '192.0.2.100/24'}), /"192\.0\.2\.100 db\.example\.org"/);
  t.regex(hostsLines(), /192\.0\.2\.11 db\.example\.org\\n192\.0\.2\.12 db\.example\.org/);
});

test('only addresses of the family at which the balancers know the host are used', (t) => {
  const both = {address: ['192.0.2.100', '2001:db8::100']};
  t.notRegex(hostsLines(both), /2001/);
  const modern = SITE.replace('192.0.2.21', '2001:db8::21');
  t.notRegex(hostsLines(both, modern), /192/);
  const error = t.throws(() => tasksOf({}, modern), {instanceOf: InputError});
  t.regex(error?.message ?? '', /web1 is 2001:db8::21, and the balancers are 192\.0\.2\.11, 192\.0\.2\.12/);
});

test('the option file verifies the name, in the words of each client', (t) => {
  const mariadb = fileOf('client.cnf');
  t.regex(mariadb, /^host = db\.example\.org\nport = 3306\nuser = app\npassword = "correct-horse"$/m);
  t.regex(mariadb, /^ssl-ca = \/etc\/infra\/database\/ca\.pem\nssl-verify-server-cert$/m);
  t.regex(mariadb, /^\[client-read\]\nport = 3307$/m);
  t.regex(fileOf('client.cnf', {family: 'mysql'}), /^ssl-mode = VERIFY_IDENTITY$/m);
});

test('the environment has both ports, and a URL only with the parameters of the library', (t) => {
  const text = fileOf('environment', {writePort: 13306});
  for (const line of ['WRITE_HOST=db.example.org', 'WRITE_PORT=13306', 'READ_PORT=3307', 'NAME=shop', 'USER=app'])
    t.regex(text, new RegExp(`^DATABASE_${line}$`, 'm'));
  t.regex(text, /^DATABASE_PASSWORD='correct-horse'$/m);
  t.notRegex(text, /URL/);
  const account = {name: 'app', password: new Secret('a/b@c:d%e#f')};
  t.regex(
    fileOf('environment', {account, url: {sslca: '/etc/infra/database/ca.pem'}}),
    /^DATABASE_URL='mysql:\/\/app:a%2Fb%40c%3Ad%25e%23f@db\.example\.org:3306\/shop\?sslca=%2Fetc%2Finfra%2Fdatabase%2Fca\.pem'$/m,
  );
});

test('the group of the user reads the files of the application, and root alone those of migrations', (t) => {
  const tasks = tasksOf({migrations: {name: 'migrations', password: new Secret('battery-staple')}});
  const ownership = (file: string) => {
    const spec = tasks.get(`template /etc/infra/database/${file}`)?.open({templateDirectories: ['templates']}).spec;
    return spec as Readonly<Record<string, unknown>>;
  };
  for (const file of ['client.cnf', 'environment'])
    t.like(ownership(file), {mode: '0640', owner: 'root', group: 'app'});
  for (const file of ['migrations.cnf', 'migrations.environment'])
    t.like(ownership(file), {mode: '0600', owner: 'root', group: 'root'});
  t.false(tasksOf().has('template /etc/infra/database/migrations.cnf'));
});

test('new credentials and a new authority are announced to the application, those of migrations are not', (t) => {
  const migrations = {name: 'migrations', password: new Secret('battery-staple')};
  const tasks = tasksOf({migrations, notify: restart('shop')});
  const told = [...tasks].filter(([, {notify}]) => notify.some(({id}) => id === 'restart shop')).map(([name]) => name);
  t.deepEqual(told, [
    'file /etc/infra/database/ca.pem',
    'template /etc/infra/database/client.cnf',
    'template /etc/infra/database/environment',
  ]);
});

test('a user that is missing, or not in the group, is known after apply, and the role makes none', (t) => {
  const judge = (code: number, stdout: string, stderr: string, more: Partial<Options> = {}) =>
    tasksOf(more)
      .get('databaseReader app')
      ?.open({templateDirectories: []})
      .judge({code, stdout, stderr, truncated: false});
  t.like(judge(0, 'app www-data\n', ''), {type: 'unchanged'});
  t.like(judge(0, 'app www-data\n', '', {group: 'www-data'}), {type: 'unchanged'});
  const missing = judge(1, '', 'id: ‘app’: no such user\n');
  t.like(missing, {type: 'unknown'});
  t.regex(JSON.stringify(missing), /there is no user app; make it before databaseClient/);
  t.regex(JSON.stringify(judge(0, 'users\n', '')), /the user app is not in the group app/);
  t.throws(() => judge(127, '', 'id: not found'));
  t.false([...tasksOf().keys()].some((name) => name.startsWith('user ')));
});

test('a password that the files would not all write alike is refused, and a placeholder is not', (t) => {
  const withPassword = (password: Secret) => () => databaseClient({...BASIC, account: {name: 'app', password}});
  for (const clear of ["it's", 'say "x"', 'back\\slash', 'pässword', 'new\nline'])
    refused(t, withPassword(new Secret(clear)), /quote, a backslash or a letter beyond ASCII/);
  t.notThrows(withPassword(new Secret('two words !#$%&()*+,-./:;<=>?@[]^_`{|}~aZ9')));
  t.notThrows(withPassword(new Secret('a placeholder', true)));
});

test('names that would need quotes are refused', (t) => {
  refused(t, () => databaseClient({...BASIC, name: 'DB.example.org'}), /must be a host name in lower case/);
  refused(t, () => databaseClient({...BASIC, database: 'a b'}), /must have only letters/);
  refused(t, () => databaseClient({...BASIC, address: 'lb.example.org'}), /must be (an address|addresses)/);
});

function refused(t: ExecutionContext, make: () => unknown, words: RegExp): void {
  t.regex(t.throws(make, {instanceOf: InputError})?.message ?? '', words);
}
