import test from 'ava';
import {reload, restart} from '../../src/tasks/index.js';

test('A handler shows the command that a person would type', (t) => {
  t.is(String(reload('haproxy').command), 'systemctl try-reload-or-restart haproxy.service');
  t.is(String(restart('mariadb.service').command), 'systemctl try-restart mariadb.service');
});

test('A handler is named after what it does', (t) => {
  t.is(reload('haproxy').id, 'reload haproxy');
  t.is(restart('mariadb').id, 'restart mariadb');
});

test('A handler has systemd read a changed unit file first', (t) => {
  t.regex(restart('mariadb').command.reveal(), /NeedDaemonReload[\s\S]*daemon-reload[\s\S]*try-restart/);
});

test('A handler takes one name: what is written after it is refused, unless a list is mapped', (t) => {
  const loose = reload as (...given: readonly unknown[]) => unknown;
  t.throws(() => loose('nginx', {chekc: 1}), {message: /the name of a unit and nothing else, not an object/});
  t.throws(() => loose('nginx', 'haproxy'), {message: /not text/});
  t.deepEqual(
    ['nginx', 'haproxy'].map(reload).map(({id}) => id),
    ['reload nginx', 'reload haproxy'],
  );
});
