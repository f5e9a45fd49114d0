import test from 'ava';
import {sshArguments} from '../../../src/lab/hosts/inside.js';
import {labPaths} from '../../../src/lab/lab.js';

test('ssh to a lab host checks its key and reads no configuration of the user', (t) => {
  const host = {name: 'web1', address: '198.18.0.21', suite: 'trixie'} as const;
  const args = sshArguments(labPaths('/p', {}), host, ['ls', '-l']);
  t.deepEqual(args.slice(0, 4), ['-F', 'none', '-i', '/p/.infra/lab/id_ed25519']);
  t.true(args.includes('StrictHostKeyChecking=yes'));
  t.true(args.includes('UserKnownHostsFile=/p/.infra/lab/known_hosts'));
  t.deepEqual(args.slice(-4), ['--', 'deploy@198.18.0.21', 'ls', '-l']);
  t.deepEqual(sshArguments(labPaths('/p', {}), host, ['--', 'ls', '-l']), args);
});

test('the cache moves with INFRA_LAB_CACHE, the state never', (t) => {
  t.is(labPaths('/p', {INFRA_LAB_CACHE: '/big'}).cache, '/big');
  t.is(labPaths('/p', {INFRA_LAB_CACHE: '/big'}).state, labPaths('/q', {}).state);
});
