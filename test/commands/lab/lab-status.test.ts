import test from 'ava';
import {renderLabStatus} from '../../../src/commands/lab/lab-status.js';

const hosts = [
  {name: 'lb1', address: '198.18.0.11', suite: 'trixie', state: 'running'},
  {name: 'web10', address: '198.18.0.30', suite: 'bookworm', state: 'off'},
] as const;

test('a lab is shown one host a line, and what it lacks is named', (t) => {
  t.is(
    String(renderLabStatus({project: '/p/.infra/lab', bridge: true, packageProxy: false, hosts})),
    `Lab of /p
lb1    198.18.0.11   trixie    running
web10  198.18.0.30   bookworm  off
Missing: its package proxy. Run infra lab up.
`,
  );
});

test('no lab is said to be no lab', (t) => {
  t.is(
    String(renderLabStatus({project: undefined, bridge: false, packageProxy: false, hosts: []})),
    'The lab is not up.\n',
  );
});
