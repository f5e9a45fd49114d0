import test from 'ava';
import {InputError} from '../../../src/model/index.js';
import {keepalived} from '../../../src/roles/index.js';
import {compile, written} from '../compile.js';

const THREE = `
lb:
  hosts:
    lb1: {address: 192.0.2.1}
    lb2: {address: 192.0.2.2}
    lb3: {address: 203.0.113.3, private_address: 192.0.2.3}
`;

const FILE = 'template /etc/keepalived/keepalived.conf';

type Options = Parameters<typeof keepalived>[0];
type Facts = Parameters<typeof compile>[3];

const config = (options: Options, inventory = THREE, facts: Facts = {}) =>
  written(compile(keepalived(options), inventory, 'lb', facts).get(FILE)).text;

/** The instance alone, without comments. */
const instance = (options: Options, inventory?: string, facts?: Facts) =>
  config(options, inventory, facts)
    .replace(/^ *#.*\n/gm, '')
    .replace(/^[\s\S]*(?=vrrp_instance)/, '');

const faults = (options: Options, inventory?: string, facts?: Facts) =>
  faultsOf(() => config(options, inventory, facts)).map(({message, hint}) => [message, hint]);

function faultsOf(work: () => void) {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics;
    throw error;
  }
  return [];
}

test('the user and the check come before the configuration that names them, the service comes last', (t) => {
  const tasks = [...compile(keepalived({address: '192.0.2.100'}), THREE, 'lb').keys()];
  t.deepEqual(tasks, [
    'directory /etc/systemd/system/keepalived.service.d',
    'file /etc/systemd/system/keepalived.service.d/infra.conf',
    'apt keepalived',
    'user keepalived_script',
    'template /etc/keepalived/check-haproxy',
    FILE,
    'service keepalived',
  ]);
});

test('the balancers use their private addresses, and take over in the order of the inventory', (t) => {
  t.is(
    instance({address: '192.0.2.100/24'}),
    `vrrp_instance balancers {
    state BACKUP
    nopreempt
    priority 250
    interface eth0
    virtual_router_id 100
    advert_int 0.5
    unicast_src_ip 192.0.2.1
    check_unicast_src
    unicast_ttl 255
    unicast_peer {
        192.0.2.2 min_ttl 255 max_ttl 255
        192.0.2.3 min_ttl 255 max_ttl 255
    }
    virtual_ipaddress {
        192.0.2.100/24
    }
    track_script {
        haproxy_answers
    }
}
`,
  );
  const inventory = `${THREE}third: {hosts: {lb3: }}`;
  const tasks = compile(keepalived({address: '192.0.2.100'}), inventory, 'third', carrying('ens3', '192.0.2.3'));
  const third = written(tasks.get(FILE)).text;
  t.regex(third, /priority 230\n +interface ens3\n/);
  t.regex(third, /unicast_src_ip 192\.0\.2\.3\n/);
});

test('addresses of the other family move along', (t) => {
  const both = {address: ['2001:db8::100', '192.0.2.100', '192.0.2.101']};
  const text = instance(both);
  t.regex(text, /virtual_ipaddress \{\n +192\.0\.2\.100\n +192\.0\.2\.101\n +\}/);
  t.regex(text, /virtual_ipaddress_excluded \{\n +2001:db8::100\n +\}/);
  const six = THREE.replaceAll('192.0.2.', '2001:db8::');
  const other = instance(both, six, carrying('eth0', '2001:db8::1'));
  t.regex(other, /virtual_ipaddress \{\n +2001:db8::100\n +\}/);
  t.regex(other, /unicast_src_ip 2001:db8::1\n/);
});

test('a single balancer holds the address and sends no adverts to others', (t) => {
  const text = instance({address: '192.0.2.100'}, 'lb: {hosts: {lb1: {address: 192.0.2.1}}}');
  t.notRegex(text, /unicast/);
  t.regex(text, /virtual_ipaddress \{\n +192\.0\.2\.100\n/);
});

test('the number of the virtual router is the last byte of the first IPv4 address unless given', (t) => {
  const number = (options: Options) => /virtual_router_id (\d+)/.exec(config(options))?.[1];
  t.is(number({address: ['2001:db8::7', '192.0.2.9']}), '9');
  t.is(number({address: '192.0.2.9', virtualRouterId: 7}), '7');
  t.is(number({address: '192.0.3.0/31'}), '51');
});

test('options that do not fit the host are reported with a next step', (t) => {
  const address = '192.0.2.100';
  t.deepEqual(faults({address}, THREE, carrying('eth0', '198.51.100.1')), [
    [
      'role keepalived: the balancers reach lb1 at 192.0.2.1, but its addresses are 198.51.100.1',
      'Give lb1 one of them as private_address.',
    ],
  ]);
  t.deepEqual(faults({address: '2001:db8::100'}), [
    [
      'role keepalived: no virtual address is of the IP family of 192.0.2.1',
      'Give one of the IP family in which the balancers reach each other; the others move along with it.',
    ],
  ]);
  t.deepEqual(faults({address}, THREE.replace('192.0.2.2', 'lb2.example')), [
    ['role keepalived: lb2.example is not an IP address', 'Give lb2 an IP address as private_address.'],
  ]);
  t.deepEqual(
    faults({address: '2001:db8::9'}, 'lb: {hosts: {lb1: {address: "2001:DB8:0::1"}}}', carrying('eth0', '2001:db8::1')),
    [],
  );
  t.deepEqual(faults({address: '192.0.2.3/24'}), [
    ["role keepalived: a virtual address is lb3's own", 'Give an address of the same network that no server has.'],
  ]);
  t.deepEqual(faults({address: ['192.0.2.9', '2001:DB8:0::3/64']}, THREE.replace('192.0.2.3', '"2001:db8:0:0::3"')), [
    ["role keepalived: a virtual address is lb3's own", 'Give an address of the same network that no server has.'],
  ]);
  t.regex(String(faults({address: ['2001:db8::9', '2001:DB8:0::9/64']})), /has an address twice/);
  t.deepEqual(faults({address, group: 'web'}, `${THREE}web: {hosts: {web1: {address: 192.0.2.8}}}`), [
    ['role keepalived: lb1 is not in the group "web"', 'Put it under "web".'],
  ]);
});

test('only addresses are taken, each once', (t) => {
  const faulty = (address: string | string[]) => faultsOf(() => keepalived({address})).map(({message}) => message);
  for (const address of [
    'lb.example',
    '192.0.2.300',
    '192.0.2.1/33',
    '192.0.2.1/',
    '2001:db8::1/129',
    '192.0.2.1/24/1',
    '',
  ]) {
    t.is(faulty(address).length, 1, address);
  }
  t.regex(faulty(['192.0.2.1', '192.0.2.1/24'])[0] ?? '', /the option "address" has an address twice/);
  t.is(faulty([]).length, 1);
});

function carrying(name: string, address: string): Facts {
  return {interfaces: [{name, address, prefix: 24}]};
}
