import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {hold, release} from '../../src/database/balancer-steps.js';
import type {Command} from '../../src/shell/index.js';
import {hostNamed} from './fake-servers.js';

const balancer = {host: hostNamed('lb1'), isReached: true, write: 3306};

/** Answers as HAProxy's socket does, from files, and notes what it is told. */
const SOCAT = `#!/bin/sh
read -r line; echo "$line" >>told
case $line in
'show stat') printf '# pxname,svname,a,b,c,d,slim\\nport-3306,FRONTEND,,0,0,0,%s\\n' "$(cat limit)" ;;
'show stat database-write 4 -1') while IFS=, read -r name state; do echo "x,$name,,,,,,,,,,,,,,,,$state"; done <servers ;;
'show stat database-write 2 -1') printf '# pxname\\na,b,0,0,0\\n' ;;
esac
`;

/** Notes its words. */
const NOTES = '#!/bin/sh\necho "$(basename "$0") $*" >>told\n';

/** A balancer's host: programs that stand in for HAProxy and systemd. */
function hostOf(t: ExecutionContext) {
  const directory = mkdtempSync(join(tmpdir(), 'infra-balancer-'));
  t.teardown(() => rmSync(directory, {recursive: true, force: true}));
  const put = (name: string, text: string) => writeFileSync(join(directory, name), text);
  for (const [name, text] of Object.entries({socat: SOCAT, systemctl: NOTES, 'systemd-run': NOTES})) {
    put(name, text);
    chmodSync(join(directory, name), 0o755);
  }
  put('limit', '2000');
  const held = join(directory, 'held');
  return {
    ...{held, put},
    told: () => (existsSync(join(directory, 'told')) ? readFileSync(join(directory, 'told'), 'utf8').split('\n') : []),
    ask: async (_: string, command: Command) => {
      const text = command.reveal().replaceAll('/run/infra-database-held', held).replaceAll('-lt 100', '-lt 3');
      const env = {PATH: `${directory}:/usr/bin:/bin`};
      const {status, stdout, stderr} = spawnSync('sh', [], {input: text, env, cwd: directory});
      if (status !== 0) throw new Error(stderr.toString().trim());
      return stdout.toString();
    },
  };
}

test('the limit of the frontend is kept in a file, then it is 0, and a timer sets it again', async (t) => {
  const host = hostOf(t);
  await hold(balancer).run(host);
  t.is(readFileSync(host.held, 'utf8'), '2000\n');
  const told = host.told();
  const timer = told.findIndex((each) => each.startsWith('systemd-run'));
  const zero = told.indexOf('set maxconn frontend port-3306 0');
  t.true(timer > 0 && zero > timer, told.join('\n'));
  t.regex(told[timer] ?? '', /--on-active=30 .* sh -c echo "set maxconn frontend port-3306 \$\(cat /);
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
  t.deepEqual(host.told(), ['systemctl stop infra-database-release.timer', '']);
});

test('clients go through when the balancer sees the new primary and no longer the old one', async (t) => {
  const host = hostOf(t);
  host.put('servers', '# svname,status\ndb1,DOWN\ndb2,UP\n');
  await hold(balancer).run(host);
  await release(balancer, 'db2', ['db1']).run(host);
  const told = host.told();
  t.is(told.at(-2), 'set maxconn frontend port-3306 2000');
  t.true(told.includes('shutdown sessions server database-write/db1'));
  t.false(existsSync(host.held));
});

test('a balancer that does not find the new primary lets clients through all the same, and says so', async (t) => {
  for (const servers of ['db1,UP\ndb2,UP\n', 'db1,DOWN\ndb2,DOWN\n', 'db1,DOWN\ndb22,UP\n']) {
    const host = hostOf(t);
    host.put('servers', servers);
    await hold(balancer).run(host);
    await t.throwsAsync(release(balancer, 'db2', ['db1']).run(host), {message: /has not found db2 after 10 s/});
    t.false(existsSync(host.held));
  }
  t.true(release(balancer, 'db2', []).mayFail);
});
