import test from 'ava';
import {runEvents} from '../../src/database/events.js';
import type {OperationHosts} from '../../src/database/operation.js';
import {closeForGood, closeForNow, openPrimary, reopen} from '../../src/database/server-steps.js';
import {FakeServers} from './fake-servers.js';

const hex = (text: string) => Buffer.from(text).toString('hex');

/** A server that answers the first question with these rows. */
function serverWith(rows: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const hosts: OperationHosts = {
    ask: async (_, command) => {
      asked.push(command.reveal().replaceAll("'\\''", "'"));
      return asked.length === 1 ? rows.map((row) => `${row.map(hex).join('\t')}\n`).join('') : '';
    },
  };
  return {hosts, asked};
}

test('a new primary runs the events of the old one, with the rights that they had', async (t) => {
  const {hosts, asked} = serverWith([
    ['shop', 'close`day', "clerk@o'hara@10.0.%"],
    ['shop', 'sum', 'root@localhost'],
  ]);
  t.is(await runEvents('db2', 'mysql').run(hosts), 'shop.close`day, shop.sum');
  t.regex(asked[0] ?? '', /status IN \('SLAVESIDE_DISABLED', 'REPLICA_SIDE_DISABLED'\)/);
  t.true(asked[1]?.includes("ALTER DEFINER = 'clerk@o''hara'@'10.0.%' EVENT `shop`.`close``day` ENABLE;"));
  t.true(asked[1]?.includes("ALTER DEFINER = 'root'@'localhost' EVENT `shop`.`sum` ENABLE;"));
});

test('a new primary without events is asked once', async (t) => {
  const {hosts, asked} = serverWith([]);
  t.is(await runEvents('db2', 'mariadb').run(hosts), 'not needed');
  t.is(asked.length, 1);
});

test('MariaDB, which runs events on a read-only server too, runs none from before it is closed until it is open', (t) => {
  const site = new FakeServers(2, {acks: 1}).site();
  const stop = 'SET GLOBAL event_scheduler = OFF';
  const start = 'SET GLOBAL event_scheduler = ON';
  for (const command of [closeForNow(site), closeForGood(site)]) {
    const text = command.reveal();
    t.true(text.includes(stop));
    t.true(text.lastIndexOf('read_only = ON') > text.indexOf(stop));
  }
  for (const command of [closeForNow(site), reopen(site), openPrimary('mariadb', 1)])
    t.true(command.reveal().indexOf(start) > command.reveal().indexOf('read_only = OFF'));
  t.false(
    closeForNow({...site, family: 'mysql'})
      .reveal()
      .includes(stop),
    'MySQL lets nobody write',
  );
});
