import test from 'ava';
import {z} from 'zod';
import {unknownNames} from '../../../src/engine/index.js';
import {command, haproxy, mysqlServer} from '../../../src/index.js';
import {parseInventory} from '../../../src/inventory/index.js';
import {defineRole, type Host, type Items, listens, play} from '../../../src/model/index.js';
import {assumedContext} from '../../../src/session/assumed-context.js';

const inventory = parseInventory(
  `
lb: {hosts: {lb1: {address: 192.0.2.11}}}
web: {hosts: {web1: {address: 192.0.2.21}, web2: {address: 192.0.2.22}}}
`,
  '/hosts.yml',
);

/** What is named by the items of a play and unknown: messages and hints. */
function unknownIn(items: Items, hosts: readonly Host[] = inventory.hosts): readonly string[] {
  const scope = {plays: [play('p', {hosts: 'all'}, items)], hosts, inventory};
  return unknownNames(scope, (host) => assumedContext(host, inventory)).map(
    ({message, hint}) => `${message} | ${hint}`,
  );
}

test('groups and hosts that the inventory does not have are found without a connection', (t) => {
  t.deepEqual(
    unknownIn([
      haproxy({backend: 'wbe'}),
      mysqlServer({from: {group: 'lbs'}}),
      listens({tcp: 80, from: {host: 'web9'}, because: 'x'}),
      ({group}) => group('wbe').map(({name}) => command({command: `echo ${name}`})),
      command({command: 'true', delegateTo: 'wbe1'}),
      [[({group}) => [command({command: `echo ${group('lbs').length}`})]]],
    ]),
    [
      'role haproxy: the group "wbe" has no hosts in /hosts.yml | Did you mean "web"?',
      'listens "database clients and replicas": /hosts.yml has no group "lbs" | Did you mean "lb"?',
      'listens "x": /hosts.yml has no host "web9" | Did you mean "web1"?',
      '/hosts.yml has no group "wbe" | Did you mean "web"?',
      'no host is named "wbe1" | Did you mean "web1"?',
      '/hosts.yml has no group "lbs" | Did you mean "lb"?',
    ],
  );
});

test('what else a role finds wrong is left to the run, and so is a task that is left out', (t) => {
  const throws = defineRole('throws', z.strictObject({}), (_, {facts}) => {
    throw new Error(`no ${facts.os}`);
  });
  t.deepEqual(unknownIn([throws(), command({command: 'true', delegateTo: 'nowhere', when: false})]), []);
  t.deepEqual(unknownIn([haproxy({backend: 'wbe'})], []), []);
});

test('each is reported once, and only the first host of a play is asked', (t) => {
  const asked: string[] = [];
  const role = defineRole('asks', z.strictObject({}), (_, {host, group}) => {
    asked.push(host.name);
    return group('nowhere').map(({name}) => command({command: name}));
  });
  const item = role();
  t.is(unknownIn([item, [item]]).length, 1);
  t.is(new Set(asked).size, 1);
});
