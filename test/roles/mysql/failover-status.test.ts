import test from 'ava';
import {lose, startFailover} from './failover-program.js';

test('it says beforehand what would keep it from acting', async (t) => {
  const program = await startFailover(t);
  const [, db2, db3] = program.servers;
  db2.refuses = 'AS patience';
  db3.patience = '10000';
  await program.logged(t, /^could not act now: no session with db2/);
  await program.logged(t, /^could not act now: writes go on without a replica on db3: some may be lost$/);
  await program.shows(t, {
    lost: '',
    silent: '',
    faults: /^no session with db2: ERROR 1227.*; writes go on without .* db3/,
  });
});

test('it shows what it sees and would do', async (t) => {
  const program = await startFailover(t);
  const [db1, , db3] = program.servers;
  await program.shows(t, {lost: '', reason: '', silent: '', faults: ''});
  db1.says = {hold: 'yes'};
  await program.shows(t, {lost: '', reason: '/etc/mysql/hold exists on db1'});
  db1.says = {};
  await program.shows(t, {reason: ''});
  lose(program);
  db3.isDown = true;
  const reason = /^1 of 2 replicas answer: db1 may still be acknowledging writes$/;
  await program.shows(t, {lost: 'db1', reason, silent: 'db1 db3'});
});
