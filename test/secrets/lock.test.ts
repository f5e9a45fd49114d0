import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {mkdirSync, readFileSync, realpathSync, statSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {withSecretsLock} from '../../src/secrets/lock.js';
import {faultsOf, newProject} from './project.js';

test('work on the secrets of a project is done one after the other', async (t) => {
  const root = await newProject(t);
  const log: string[] = [];
  const work = (name: string) =>
    withSecretsLock(root, async () => {
      log.push(`${name} begins`);
      await sleep(50);
      log.push(`${name} ends`);
    });
  await Promise.all([work('a'), work('b'), work('c')]);
  t.true(
    log.every((line, index) => index % 2 === 0 || line === log[index - 1]?.replace('begins', 'ends')),
    log.join(),
  );
  t.is(log.length, 6);
});

test('a name that every local user can take does not block the lock', async (t) => {
  const root = await newProject(t);
  const digest = createHash('sha256').update(realpathSync(root)).digest('hex').slice(0, 32);
  const squatter = createServer();
  await once(squatter.listen(`\0infra-secrets-${digest}`), 'listening');
  t.teardown(() => squatter.close());
  t.is(await Promise.race([withSecretsLock(root, async () => 'done'), sleep(3000, 'waits', {ref: false})]), 'done');
});

test('the lock is a file for its owner alone, in the directory that Git ignores', async (t) => {
  const root = await newProject(t);
  await withSecretsLock(root, async () => {});
  t.is(statSync(join(root, '.infra')).mode & 0o777, 0o700);
  t.is(statSync(join(root, '.infra/secrets.lock')).mode & 0o777, 0o600);
  t.is(readFileSync(join(root, '.infra/.gitignore'), 'utf8'), '*\n');
});

test('a failure releases the lock', async (t) => {
  const root = await newProject(t);
  await t.throwsAsync(
    withSecretsLock(root, async () => {
      throw new Error('no');
    }),
    {message: 'no'},
  );
  t.is(await withSecretsLock(root, async () => 'done'), 'done');
});

test('a project that cannot be locked is named, with the file to check', async (t) => {
  const root = await newProject(t);
  mkdirSync(join(root, '.infra/secrets.lock'), {recursive: true});
  const [fault] = await faultsOf(t, () => withSecretsLock(root, async () => {}));
  t.regex(fault?.message ?? '', /^the secrets of \S+ cannot be locked: EISDIR/);
  t.regex(fault?.hint ?? '', /secrets\.lock/);
});
