import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {
  confirmGuard,
  isRestored,
  NOT_CONFIRMED,
  underRestore,
  WAITING,
} from '../../../src/engine/guard/guard-commands.js';
import type {Guard} from '../../../src/model/index.js';
import {type Command, type Reply, raw, sh} from '../../../src/shell/index.js';
import {directory, machine, rootTest} from '../here.js';

/*
 * The shell text of guards, with the real remote loop. Only systemd is not the real one, which would be that of this
 * machine: `systemd-run` starts the command after its time, `systemctl` does nothing. On real hosts: test/hosts.
 */

const SYSTEMD_RUN = `#!/bin/sh
for word in "$@"; do case $word in --on-active=*) seconds=\${word#*=};; esac; done
while [ "\${1#--}" != "$1" ]; do shift; done
(sleep "\${seconds%s}"; "$@") >/dev/null 2>&1 &
`;

/** A host whose file `state` is guarded; `units` is its /etc/systemd/system. */
async function host(t: ExecutionContext, seconds = 30) {
  const at = directory(t);
  for (const name of ['bin', 'units', 'lib']) mkdirSync(`${at}/${name}`);
  for (const [name, text] of [
    ['systemd-run', SYSTEMD_RUN],
    ['systemctl', '#!/bin/sh\n'],
  ] as const) {
    writeFileSync(`${at}/bin/${name}`, text);
    chmodSync(`${at}/bin/${name}`, 0o755);
  }
  const open = async () => {
    const {connection} = await machine();
    t.teardown(() => connection.close());
    const binds = ['bin /usr/local/sbin', 'units /etc/systemd/system', 'lib /var/lib'].map(
      (each) => `mount --bind ${at}/${each}`,
    );
    await connection.run([{command: raw(binds.join(' && ')), required: true}]);
    return async (command: Command): Promise<Reply | undefined> =>
      (await connection.run([{command, required: true}]))[0];
  };
  writeFileSync(`${at}/state`, 'old\n');
  const guard: Guard = {
    ...{name: 'wall', seconds, keep: sh`cp ${`${at}/state`} state`, restore: sh`cp state ${`${at}/state`}`},
    activate: sh`echo activated >>${`${at}/log`}`,
  };
  const change = sh`echo new >${`${at}/state`}`;
  const read = (name: string) => readFileSync(`${at}/${name}`, 'utf8');
  const until = async (file: string) => {
    for (let tries = 0; tries < 500 && !existsSync(`${at}/lib/infra/guard/wall/${file}`); tries++) await sleep(50);
  };
  const units = () => existsSync(`${at}/units/infra-guard-wall-boot.service`);
  return {guard, change, read, open, until, units, at};
}

rootTest('a change that is confirmed stays, and nothing of its guard does', async (t) => {
  const {guard, change, read, open, until, units, at} = await host(t);
  const [first, second] = [await open(), await open()];
  t.not((await second(confirmGuard(guard)))?.code, 0, 'there is nothing to confirm yet');
  const running = first(underRestore(guard, change));
  await until('loaded');
  t.true(units());
  t.is((await second(confirmGuard(guard)))?.code, 0);
  const reply = await running;
  t.deepEqual([reply?.code, reply?.stdout], [0, `${WAITING}\n`]);
  t.is(read('state'), 'new\n');
  t.false(units());
  t.false(existsSync(`${at}/lib/infra/guard/wall`));
  t.not((await second(confirmGuard(guard)))?.code, 0, 'a change is confirmed once');
});

rootTest('a change that nobody confirms is put back and made effective, and says so', async (t) => {
  const {guard, change, read, open, units} = await host(t, 1);
  const first = await open();
  t.is((await first(underRestore(guard, change)))?.code, NOT_CONFIRMED);
  t.deepEqual([read('state'), read('log')], ['old\n', 'activated\n']);
  t.is((await first(isRestored(guard)))?.code, 0);
  t.not((await first(confirmGuard(guard)))?.code, 0, 'it is too late');
  t.false(units());
});

rootTest('a change that fails is put back at once, with its own exit code', async (t) => {
  const {guard, read, open, units, at} = await host(t);
  const first = await open();
  const reply = await first(underRestore(guard, sh`echo half >${`${at}/state`}; echo why >&2; exit 9`));
  t.deepEqual([reply?.code, reply?.stderr, reply?.stdout], [9, 'why\n', '']);
  t.is(read('state'), 'old\n');
  t.false(units());
});

rootTest('what cannot be kept is not changed', async (t) => {
  const {guard, change, read, open, units} = await host(t);
  const first = await open();
  t.is((await first(underRestore({...guard, keep: sh`exit 6`}, change)))?.code, 6);
  t.is(read('state'), 'old\n');
  t.false(units());
});

rootTest('a change that could not be armed is not made', async (t) => {
  const {guard, change, read, open, units, at} = await host(t);
  writeFileSync(`${at}/bin/systemd-run`, '#!/bin/sh\nexit 4\n');
  const first = await open();
  t.is((await first(underRestore(guard, change)))?.code, 4);
  t.is(read('state'), 'old\n');
  t.false(units());
  t.false(existsSync(`${at}/lib/infra/guard/wall`));
});

rootTest('while an earlier change waits, no other one is made', async (t) => {
  const {guard, change, read, open, until} = await host(t);
  const [first, second] = [await open(), await open()];
  const running = first(underRestore(guard, change));
  await until('loaded');
  const reply = await second(underRestore(guard, raw('exit 0')));
  t.is(reply?.code, 1);
  t.regex(reply?.stderr ?? '', /An earlier change of the wall is not confirmed/);
  await second(confirmGuard(guard));
  t.is((await running)?.code, 0);
  t.is(read('state'), 'new\n');
});

rootTest('what cannot be put back is said to be so, and where it is kept', async (t) => {
  const {guard, change, open} = await host(t, 1);
  const first = await open();
  const reply = await first(underRestore({...guard, restore: sh`false`}, change));
  t.is(reply?.code, 70);
  t.regex(reply?.stderr ?? '', /could not be restored: see \/var\/lib\/infra\/guard\/wall/);
});
