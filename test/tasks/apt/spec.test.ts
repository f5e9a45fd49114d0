import test from 'ava';
import fc from 'fast-check';
import {faultIn, isVersion, withDefaults} from '../../../src/tasks/apt/spec.js';

const VERSIONS: readonly [string, string, boolean][] = [
  ['3.0.11-1', '3.0.11-1', true],
  ['3.0.11-1', '3.0.11', false],
  ['3.0.11-1', '3.0.*', true],
  ['3.0.11-1', '3x0.*', false],
  ['3.0.11-1', '*', true],
  ['', '*', true],
  ['1:2.3-4', '*:*-*', true],
  ['1.1', '1.1*1', false],
  ['1.1.1', '1.1*1', true],
  ['aba', 'ab*ba', false],
  ['1.2.3', '*3*2*', false],
  ['1.2.3', '**3', true],
];

for (const [version, wanted, expected] of VERSIONS)
  test(`version ${version} is ${expected ? '' : 'not '}${wanted}`, (t) => t.is(isVersion(version, wanted), expected));

test('a star stands for anything, and any other character for itself', (t) => {
  const version = fc.string({unit: fc.constantFrom('1', '.', '-', 'a'), maxLength: 8});
  const wanted = fc.string({unit: fc.constantFrom('1', '.', '-', 'a', '*'), maxLength: 6});
  fc.assert(
    fc.property(version, wanted, (have, want) => {
      const pattern = new RegExp(`^${want.replaceAll('.', '[.]').replaceAll('*', '.*')}$`);
      t.is(isVersion(have, want), pattern.test(have), `${have} and ${want}`);
    }),
    {numRuns: 500},
  );
});

test('packages are taken apart into name and version', (t) => {
  const packagesOf = (packages: string | readonly string[]) => withDefaults({packages}).packages;
  t.deepEqual(packagesOf('nginx'), [{name: 'nginx', version: undefined}]);
  t.deepEqual(packagesOf(['libc6:i386=2.41-*', 'a=1=2']), [
    {name: 'libc6:i386', version: '2.41-*'},
    {name: 'a', version: '1=2'},
  ]);
  t.like(withDefaults({packages: []}), {state: 'present', cacheMaxAge: 86_400, lockTimeout: 300});
});

const WRITE = 'write name, name:arch or name=version';

const FAULTS: readonly [Parameters<typeof faultIn>[0], string][] = [
  [{packages: []}, 'it names no package'],
  [{packages: 'nginx-'}, `"nginx-" is not a package; ${WRITE}`],
  [{packages: '-o'}, `"-o" is not a package; ${WRITE}`],
  [{packages: 'Nginx'}, `"Nginx" is not a package; ${WRITE}`],
  [{packages: ['a', 'b c']}, `"b c" is not a package; ${WRITE}`],
  [{packages: 'a=1;id'}, `"a=1;id" is not a package; ${WRITE}`],
  [{packages: 'a='}, `"a=" is not a package; ${WRITE}`],
  [{packages: 'a\n'}, `"a\n" is not a package; ${WRITE}`],
  [{packages: ['a', 'b', 'a=1']}, '"a" is named twice'],
  [
    {packages: ['b', 'a=1'], state: 'latest'},
    '"a" has a version, which state latest does not take; give the name alone',
  ],
  [{packages: 'a=1', state: 'absent'}, '"a" has a version, which state absent does not take; give the name alone'],
];

for (const [spec, fault] of FAULTS)
  test(`packages that cannot be: ${JSON.stringify(spec)}`, (t) => t.is(faultIn(spec), fault));

test('any other package is taken', (t) => {
  const packages = [
    'a',
    '0ad',
    'g++',
    'libc6:i386',
    'python3.13',
    'haproxy=3.0.*',
    'vim=2:9.1~rc1+b1-1',
    'libc6:amd64=*',
  ];
  t.is(faultIn({packages}), undefined);
  t.is(faultIn({packages: ['a', 'b'], state: 'latest'}), undefined);
  t.is(faultIn({packages: ['libc6', 'libc6:i386']}), undefined, 'two architectures are two packages');
});
