import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {hold, release, renewal} from '../../src/database/balancer-steps.js';
import {type Command, raw} from '../../src/shell/index.js';
import {writePrograms} from '../support/stand-ins.js';
import {hostNamed} from './fake-servers.js';

const balancer = {host: hostNamed('lb1'), isReached: true, write: 3306};

/** Answers as HAProxy's socket does, from files, and notes what it is told. */
const SOCAT = `read -r line; echo "$line" >>told; case $* in *TCP*) echo "$*" >>told ;; esac
case $line in
'GET /primary'*) printf 'HTTP/1.1 %s\\r\\n' "$(cat says 2>/dev/null || echo 200 OK)" ;;
'set server '*' health '*) set -- $line; n=\${3#*/}; sed -i "/^$n,/d" servers; [ "$5" = down ] && echo "$n,DOWN" >>servers || echo "$n,$(cat becomes)" >>servers ;;
'show servers state database-write') printf '4 database-write 1 db1 192.0.2.1 2 0 1 1 9 15 3 3 6 0 0 0 - 3306 - 0 9200 - - 9200\\n4 database-write 2 db2 2001:db8::2 0 0 1 1 9 15 3 3 6 0 0 0 - 3306 - 0 9200 - - 9200\\n' ;;
'show stat') printf '# pxname,svname,a,b,c,d,slim\\nport-3306,FRONTEND,,0,0,0,%s\\n' "$(cat limit)" ;;
'show stat database-write 4 -1') while IFS=, read -r name state; do echo "x,$name,,,,,,,,,,,,,,,,$state"; done <servers ;;
'show sess') cat sessions ;;
esac
`;

/** Notes its words. */
const NOTES = 'echo "$(basename "$0") $*" >>told\n';

/** A balancer's host: programs that stand in for HAProxy and systemd. */
function hostOf(t: ExecutionContext) {
  const directory = mkdtempSync(join(tmpdir(), 'infra-balancer-'));
  t.teardown(() => rmSync(directory, {recursive: true, force: true}));
  const put = (name: string, text: string) => writeFileSync(join(directory, name), text);
  writePrograms(directory, {socat: SOCAT, systemctl: NOTES, 'systemd-run': NOTES});
  put('limit', '2000');
  put('becomes', 'UP');
  put('sessions', '');
  put('servers', 'db1,NOLB\ndb2,NOLB\n');
  const held = join(directory, 'run-held');
  return {
    ...{held, put},
    told: () => (existsSync(join(directory, 'told')) ? readFileSync(join(directory, 'told'), 'utf8').split('\n') : []),
    ask: async (_: string, command: Command) => {
      const text = command
        .reveal()
        .replaceAll('/run/infra-database', join(directory, 'run'))
        .replaceAll('-lt 100', '-lt 3');
      const env = {PATH: `${directory}:/usr/bin:/bin`};
      const {status, stdout, stderr} = spawnSync('sh', [], {input: text, env, cwd: directory});
      if (status !== 0) throw new Error(stderr.toString().trim());
      return stdout.toString();
    },
  };
}

/** Whether the service that was started lets clients through now. */
async function lets(host: ReturnType<typeof hostOf>): Promise<boolean> {
  const [, script = ''] = /sh -c (while[\s\S]*?rm -f \S+; \})/.exec(host.told().join('\n')) ?? [];
  const before = host.told().length;
  await host.ask('lb1', raw(script.replace('sleep 1', 'exit')));
  return host.told().length > before;
}

test('the limit of the frontend is kept in a file, then it is 0, and a service sets it again', async (t) => {
  const host = hostOf(t);
  await hold(balancer).run(host);
  t.is(readFileSync(host.held, 'utf8'), '2000\n');
  const told = host.told();
  const service = told.findIndex((each) => each.startsWith('systemd-run'));
  const zero = told.indexOf('set maxconn frontend port-3306 0');
  t.true(service > 0 && zero > service, told.join('\n'));
  t.false(await lets(host));
  host.put('run-lease', '0');
  t.true(await lets(host), 'without a sign of the run');
});

test('sessions of a single statement may end, and those that are kept open are not waited for', async (t) => {
  const session = (frontend: string, age: string) =>
    `0x7f: proto=tcpv4 src=192.0.2.9:1 fe=${frontend} be=database-write srv=db1 ts=00 epoch=0 age=${age} calls=3 rate=0\n`;
  const asks = async (sessions: string) => {
    const host = hostOf(t);
    host.put('sessions', sessions);
    await hold(balancer).run(host);
    return host.told().filter((each) => each === 'show sess').length;
  };
  t.is(await asks(session('port-3306', '12s') + session('port-3306', '1m0s') + session('port-3307', '0s')), 1);
  t.is(await asks(session('port-3306', '12s') + session('port-3306', '1s')), 10);
});

test('a balancer that is held twice keeps the limit from before', async (t) => {
  const host = hostOf(t);
  await hold(balancer).run(host);
  host.put('limit', '0');
  await hold(balancer).run(host);
  t.is(readFileSync(host.held, 'utf8'), '2000\n');
});

test('a balancer that does not answer is not held', async (t) => {
  const host = hostOf(t);
  host.put('limit', '');
  await t.throwsAsync(hold(balancer).run(host), {message: /HAProxy does not answer/});
  t.false(host.told().some((each) => each.startsWith('systemd-run')));
});

test('what was held is let through again', async (t) => {
  const host = hostOf(t);
  await hold(balancer).run(host);
  await hold(balancer).undo?.run(host);
  t.is(host.told().at(-2), 'set maxconn frontend port-3306 2000');
  t.false(existsSync(host.held));
});

test('to let through what was never held changes nothing', async (t) => {
  const host = hostOf(t);
  await hold(balancer).undo?.run(host);
  t.deepEqual(host.told(), []);
});

test('while the run goes on clients are held, and when they were let through it says so no more', async (t) => {
  const host = hostOf(t);
  await hold(balancer).run(host);
  host.put('run-lease', '0');
  await host.ask('lb1', renewal);
  t.false(await lets(host));
  await hold(balancer).undo?.run(host);
  await t.throwsAsync(host.ask('lb1', renewal));
});

test('clients go through as soon as the new primary says that it is one, without a check', async (t) => {
  const host = hostOf(t);
  host.put('servers', 'db1,UP\ndb2,NOLB\n');
  await hold(balancer).run(host);
  await release(balancer, 'db2', ['db1']).run(host);
  const told = host.told().filter((each) => /^(set|shutdown|-T)/.test(each));
  t.deepEqual(told, [
    'set maxconn frontend port-3306 0',
    '-T 2 - TCP:[2001:db8::2]:9200,connect-timeout=2',
    'set server database-write/db1 health down',
    'set server database-write/db2 health up',
    'shutdown sessions server database-write/db1',
    'set maxconn frontend port-3306 2000',
  ]);
  t.false(existsSync(host.held));
});

test('a balancer that does not find the new primary lets clients through all the same, and says so', async (t) => {
  const cases = [
    {says: '503 Service Unavailable', becomes: 'UP'},
    {says: '200 OK', becomes: 'MAINT'},
  ];
  for (const each of cases) {
    const host = hostOf(t);
    for (const [name, text] of Object.entries(each)) host.put(name, text);
    host.put('servers', 'db1,NOLB\ndb2,NOLB\ndb22,UP\n');
    await hold(balancer).run(host);
    await t.throwsAsync(release(balancer, 'db2', ['db1']).run(host), {message: /has not found db2 after 10 s/});
    t.false(existsSync(host.held));
  }
  t.true(release(balancer, 'db2', []).mayFail);
});
