import test from 'ava';
import {Affected, ANYTHING} from '../../../src/model/index.js';

test('what was altered meets what depends on it: by name, below a path, or anything', (t) => {
  const affected = new Affected(['/etc/app', 'unit:nginx']);
  t.true(affected.meets(['/etc/app/conf']));
  t.true(affected.meets(['/etc/app']));
  t.true(affected.meets(['port:80', 'unit:nginx']));
  t.false(affected.meets(['/etc/application', '/srv', 'unit:mariadb']));
  t.false(affected.meets([]));
  t.true(new Affected([ANYTHING]).meets([]));
});

test('a directory is met by what was altered in it, which may have been made with it', (t) => {
  const affected = new Affected(['/srv/app/tls/key', 'unit:nginx']);
  for (const directory of ['/srv/app/tls', '/srv/app', '/srv']) t.true(affected.meets([directory]), directory);
  t.false(affected.meets(['/srv/app/other', '/etc']));
});

test('what depends on anything is met by whatever was altered', (t) => {
  t.true(new Affected(['/etc/app']).meets(['authorized-keys:anna', ANYTHING]));
  t.false(new Affected().meets(['authorized-keys:anna', ANYTHING]));
});

test('a thing was changed itself only by its own name', (t) => {
  const affected = new Affected([ANYTHING, '/etc/app']);
  t.true(affected.has(['/etc/app']));
  t.false(affected.has(['/etc/app/conf']));
});

test('a copy is added to on its own', (t) => {
  const affected = new Affected();
  affected.copy().add(['x']);
  t.false(affected.meets(['x']));
});
