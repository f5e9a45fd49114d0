import test from 'ava';
import {parseListening} from '../../src/survey/listening.js';

test('a socket is told with its program and unit, workers and both families once', (t) => {
  const text = `socket 00000000:0050 700
socket 00000000000000000000000000000000:0050 701
socket 0100007F:0CEA 702
socket 00000000:0016 703
holder socket:[700] 0::/system.slice/apache2.service apache2
holder socket:[700] 0::/system.slice/apache2.service apache2
holder socket:[701] 0::/system.slice/apache2.service apache2
holder socket:[702] 0::/system.slice/system-mysql.slice/mysql@a.service mysqld
`;
  t.deepEqual(parseListening(text), [
    {port: 22, program: '', unit: ''},
    {port: 80, program: 'apache2', unit: 'apache2.service'},
    {port: 3306, program: 'mysqld', unit: 'mysql@a.service'},
  ]);
});

test("what is no unit of the system's is none: a container, a login, systemd itself", (t) => {
  const text = `socket 00000000:0050 1
socket 00000000:0051 2
socket 00000000:0052 3
holder socket:[1] 0::/system.slice/docker-0a1b.scope nginx: worker
holder socket:[2] 0::/user.slice/user-1000.slice/user@1000.service/app.slice/a.service node
holder socket:[3] 0::/init.scope systemd
`;
  t.deepEqual(parseListening(text), [
    {port: 80, program: 'nginx: worker', unit: ''},
    {port: 81, program: 'node', unit: ''},
    {port: 82, program: 'systemd', unit: ''},
  ]);
});

test('a server without listeners has none', (t) => {
  t.deepEqual(parseListening(''), []);
});
