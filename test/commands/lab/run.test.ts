import test from 'ava';
import {renderLabStatus} from '../../../src/commands/lab/run.js';

const hosts = [
  {name: 'lb1', address: '198.18.0.11', suite: 'trixie', state: 'running'},
  {name: 'web10', address: '198.18.0.30', suite: 'bookworm', state: 'off'},
] as const;

const [lb1, web10] = hosts.map((host) => ({...host, base: `${host.suite}-2`, layers: ['aa']}));

test('a lab is shown one host a line, then its saved states, and missing parts are named', (t) => {
  const states = [{name: 'installed', hosts: [lb1, web10].flatMap((host) => host ?? [])}];
  t.is(
    String(renderLabStatus({project: '/p/.infra/lab', bridge: true, packageProxy: false, hosts, states})),
    `Lab of /p
lb1    198.18.0.11   trixie    running
web10  198.18.0.30   bookworm  off
Saved state installed: lb1, web10
Missing: its package proxy. Run infra lab up.
`,
  );
});

test('without a lab the status says that it is not up', (t) => {
  t.is(
    String(renderLabStatus({project: undefined, bridge: false, packageProxy: false, hosts: [], states: []})),
    'The lab is not up.\n',
  );
});
