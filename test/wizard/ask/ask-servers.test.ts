import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {askServers, askSource} from '../../../src/wizard/ask/ask-servers.js';
import {scripted} from '../scripted.js';

test('servers are taken line by line, and each is shown as it was understood', async (t) => {
  const talk = scripted([['lb1=192.0.2.1', 'ada@192.0.2.2:2222 192.0.2.3']]);
  const {servers} = await askServers(talk.prompter, {user: 'root'});
  t.deepEqual(
    servers?.map(({address}) => address),
    ['192.0.2.1', '192.0.2.2', '192.0.2.3'],
  );
  const lines = talk.said().split('\n').slice(-3);
  t.deepEqual(lines, ['    + lb1: 192.0.2.1', '    + 192.0.2.2 port 2222 as ada', '    + 192.0.2.3']);
});

test('what is not understood is shown with the next step, and the rest of the line is taken', async (t) => {
  const talk = scripted([['192.0.2.300 192.0.2.1 192.0.2.2']]);
  const {servers} = await askServers(talk.prompter, {});
  t.is(servers?.length, 2);
  const fault = '    - "192.0.2.300" is not an IPv4 address. Give four numbers from 0 to 255, such as 192.0.2.10.';
  t.true(talk.said().includes(fault));
});

test('until there are two servers, more are asked for, and the reason is given', async (t) => {
  const talk = scripted([[], '192.0.2.1', '192.0.2.1', '192.0.2.2']);
  const {servers} = await askServers(talk.prompter, {});
  t.deepEqual([servers?.length, talk.left()], [2, 0]);
  t.is(talk.said().match(/At least two servers are needed/g)?.length, 1);
  t.is(talk.said().match(/One server is not enough/g)?.length, 2);
  t.true(talk.said().includes('    + 192.0.2.1 (already listed)'));
});

test('servers that are known stay, and more can be added', async (t) => {
  const known = [{address: '192.0.2.1'}, {address: '192.0.2.2', user: 'ada'}];
  const talk = scripted([['bo@192.0.2.3', '192.0.2.2:22']]);
  const {servers} = await askServers(talk.prompter, {servers: known});
  t.is(servers?.length, 3);
  t.regex(talk.said(), /^More servers, one or several per line/);
  t.regex(talk.said(), /! The user bo of 192\.0\.2\.3 is ignored: all servers have the same login user, ada\./);
  t.regex(talk.said(), /192\.0\.2\.2 port 22 \(already listed\)/);
});

test('nothing is imported when servers are known or the user wants to type them', async (t) => {
  const known = {servers: [{address: '192.0.2.1'}]};
  t.is(await askSource(scripted([]).prompter, known), known);
  const answers = {user: 'root'};
  const talk = scripted(['I type']);
  t.is(await askSource(talk.prompter, answers), answers);
  t.deepEqual(talk.asked, ['Where are your servers? []']);
});

test('an inventory of Ansible is imported, with its notes, below the answers that were given', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'infra-ask-'));
  t.teardown(() => rmSync(directory, {recursive: true}));
  const file = join(directory, 'site.ini');
  const hosts = [
    '[web]',
    'w1 ansible_host=192.0.2.1 ansible_user=bo',
    '[db]',
    'd1 ansible_host=192.0.2.2 ansible_user=ada',
  ];
  writeFileSync(file, `${hosts.join('\n')}\n`);
  const talk = scripted(['in an Ansible', file]);
  t.deepEqual(await askSource(talk.prompter, {user: 'root'}), {
    user: 'root',
    servers: [
      {name: 'w1', address: '192.0.2.1', roles: ['web']},
      {name: 'd1', address: '192.0.2.2', roles: ['primary']},
    ],
  });
  t.is(talk.said(), '  ! all servers have the same login user, bo: those of d1 are ignored');
});

test('an inventory that cannot be imported is refused at its line, or with the file', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'infra-ask-'));
  t.teardown(() => rmSync(directory, {recursive: true}));
  const file = join(directory, 'bad.yml');
  writeFileSync(file, 'all:\n  hosts: [\n');
  await t.throwsAsync(askSource(scripted(['in an Ansible', file]).prompter, {}), {message: /^line \d+: .+/});
  const absent = join(directory, 'absent.yml');
  await t.throwsAsync(askSource(scripted(['in an Ansible', absent]).prompter, {}), {message: /absent\.yml/});
});
