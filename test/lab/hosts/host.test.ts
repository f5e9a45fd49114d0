import test from 'ava';
import {checkHosts, type LabHost, labHostsOf} from '../../../src/lab/hosts/host.js';
import {LabError} from '../../../src/lab/lab.js';
import type {Host} from '../../../src/model/inventory/inventory.js';

const web1: LabHost = {name: 'web1', address: '198.18.0.21', suite: 'trixie'};

function inventoryHost(name: string, vars: Record<string, unknown> = {}): Host {
  const known = {port: 22, user: 'deploy', become: true, identityFiles: [], knownHostsFiles: [], groups: ['all']};
  return {name, address: '198.18.0.21', vars, ...known};
}

test('good hosts pass, whatever their number', (t) => {
  t.notThrows(() => checkHosts([]));
  t.notThrows(() => checkHosts([web1, {name: 'db-1', address: '198.18.0.254', suite: 'sid'}]));
});

test('a host outside the network, or with a name that is not a hostname, is refused by name', (t) => {
  for (const address of ['198.18.1.21', '198.18.0.1', '198.18.0.255', '10.0.0.4', 'web1.example', '198.18.0.021x']) {
    t.throws(() => checkHosts([{...web1, address}]), {instanceOf: LabError, message: /^web1: /});
  }
  for (const name of ['', '../etc', 'Web', 'a b', '-a', 'a.b', 'x'.repeat(64)]) {
    t.throws(() => checkHosts([{...web1, name}]), {instanceOf: LabError});
  }
});

test('two hosts cannot share a name or an address', (t) => {
  t.throws(() => checkHosts([web1, {...web1, name: 'web2'}]), {message: /^web2 and web1 share/});
  t.throws(() => checkHosts([web1, {...web1, address: '198.18.0.22'}]), {message: /share/});
});

test('the suite of a host is its labSuite, and trixie by default', (t) => {
  const hosts = [inventoryHost('a'), inventoryHost('b', {labSuite: 'sid'})];
  t.deepEqual(
    labHostsOf(hosts).map(({suite}) => suite),
    ['trixie', 'sid'],
  );
  t.deepEqual(
    labHostsOf(hosts, ['b']).map(({name}) => name),
    ['b'],
  );
  t.throws(() => labHostsOf(hosts, ['c']), {message: /no host c/});
  t.throws(() => labHostsOf([inventoryHost('a', {labSuite: 'jammy'})]), {message: /a: the lab cannot boot "jammy"/});
});
