import {readFileSync} from 'node:fs';
import test from 'ava';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

// Written by npm, lockfileVersion 3.
const {packages} = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {packages: Record<string, Locked>};
const installed = Object.entries(packages).filter(([directory]) => directory !== '');

test('every package of the lock file is known by its digest', (t) => {
  const unknown = installed.filter(([, {integrity = ''}]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity));
  t.deepEqual(
    unknown.map(([directory]) => directory),
    [],
  );
});

test('the lock file names no registry', (t) => {
  t.deepEqual(
    installed.filter(([, {resolved}]) => resolved !== undefined).map(([directory]) => directory),
    [],
  );
});

test('the lock file has the packages of every platform', (t) => {
  const missing = installed.flatMap(([directory, {optionalDependencies = {}}]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !(`node_modules/${name}` in packages) && !(`${directory}/node_modules/${name}` in packages))
      .map((name) => `${name} of ${directory}`),
  );
  t.deepEqual(missing, []);
});
