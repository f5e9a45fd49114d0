import test from 'ava';
import {faultsOf} from '../../src/project/index.js';
import {compileChoices, proposeRoles, withInnerAddresses} from '../../src/wizard/compile-choices.js';

const addresses = (count: number) => Array.from({length: count}, (_, at) => ({address: `192.0.2.${at + 1}`}));

const shown = (servers: ReturnType<typeof proposeRoles>) =>
  servers.map(({name, roles}) => `${name} ${roles.join('+')}`);

test('any number of servers gets a sensible split of roles', (t) => {
  t.deepEqual(shown(proposeRoles(addresses(2))), ['lb1 balancer', 'app1 web+primary']);
  t.deepEqual(shown(proposeRoles(addresses(3))), ['lb1 balancer', 'app1 web+primary', 'app2 web+replica']);
  t.deepEqual(shown(proposeRoles(addresses(5))), [
    ...['lb1 balancer', 'lb2 balancer', 'web1 web', 'app1 web+replica', 'db1 primary'],
  ]);
  t.deepEqual(shown(proposeRoles(addresses(8))), [
    ...['lb1 balancer', 'lb2 balancer', 'web1 web', 'web2 web', 'db1 primary', 'db2 replica', 'web3 web', 'web4 web'],
  ]);
});

test('a proposal has no faults', (t) => {
  for (const count of [2, 3, 4, 5, 6, 12]) {
    const servers = proposeRoles(addresses(count));
    const virtualAddress = count > 3 ? ['192.0.2.100'] : [];
    t.deepEqual(faultsOf(compileChoices({virtualAddress}, servers)), [], `${count}`);
  }
});

test('names and roles that are given stay, and the other servers get the rest of the split', (t) => {
  const servers = [{address: '192.0.2.1'}, {name: 'entry', address: '192.0.2.2', roles: ['balancer'] as const}];
  t.deepEqual(shown(proposeRoles([...servers, {name: 'app1', address: '192.0.2.3'}])), [
    ...['app2 web+primary', 'entry balancer', 'app1 web+replica'],
  ]);
});

test('servers that join a project become the replica if there is none, and then web servers', (t) => {
  const project = proposeRoles(addresses(2));
  const joined = proposeRoles([...project, {address: '192.0.2.3'}, {address: '192.0.2.4'}], true);
  t.deepEqual(shown(joined).slice(2), ['app2 web+replica', 'web1 web']);
});

const server = {name: 'web1', roles: ['web']} as const;

test('a server that was given by a DNS name gets the address of that name as its private address', async (t) => {
  t.deepEqual(await withInnerAddresses([{...server, address: 'localhost'}]), [
    {...server, address: 'localhost', privateAddress: '127.0.0.1'},
  ]);
});

test('an IP address, a given private address and a name that is not found stay as they are', async (t) => {
  const servers = [
    {...server, address: '192.0.2.1'},
    {...server, address: 'localhost', privateAddress: '192.0.2.7'},
    {...server, address: 'nowhere.invalid'},
  ];
  t.deepEqual(await withInnerAddresses(servers), servers);
});
