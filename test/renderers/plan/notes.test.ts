import {randomUUID} from 'node:crypto';
import test from 'ava';
import {compileHost} from '../../../src/engine/compile/compile.js';
import {type JudgedHost, note, play, warning} from '../../../src/model/index.js';
import {parsePlan, renderPlanFile} from '../../../src/plans/index.js';
import {renderMarkdown} from '../../../src/renderers/index.js';
import {partOfPlan} from '../../../src/renderers/report/plan-parts.js';
import {Secret} from '../../../src/shell/index.js';
import {planOver, reads, thing} from '../../engine/scene.js';
import {dataOf, recordOf} from '../../plans/live.js';
import {digest, recording} from '../../plans/planned.js';
import {renderPlan} from '../as-text.js';
import {hostNamed} from '../host-named.js';

const NOTES = [
  warning('db2 is the primary now, and nothing here changes that <b>.'),
  note('Writes wait for a replica.'),
];

const live = (notes: JudgedHost['notes'] = NOTES) => ({
  playbook: 'site',
  hosts: [{host: hostNamed('db1'), tasks: [], handlers: [], notes}],
});

test('what roles have to say stands in the terminal and in Markdown, with its sign', (t) => {
  const text = renderPlan(dataOf(live()));
  t.regex(text, /^ +! db2 is the primary now, and nothing here changes that <b>\.$/m);
  t.regex(text, /^ +· Writes wait for a replica\.$/m);
  t.regex(renderMarkdown(dataOf(live())), /! db2 is the primary now/);
});

test('it stands in the HTML report', (t) => {
  const [host] = dataOf(live()).hosts;
  t.deepEqual(host && partOfPlan(host).notes, [
    '! db2 is the primary now, and nothing here changes that <b>.',
    '· Writes wait for a replica.',
  ]);
});

test('a saved plan keeps it', (t) => {
  const content = {
    ...{infraVersion: '0.1.0', id: randomUUID(), madeAt: '2026-01-02T03:04:05.678Z', madeBy: 'alice@laptop'},
    ...{options: {playbook: 'playbooks/site.ts'}, counts: {}, files: []},
    plan: recordOf(live(), recording()),
  };
  const {plan} = parsePlan(renderPlanFile(content, digest), 'site.plan').plan;
  t.deepEqual(plan.hosts[0]?.notes, NOTES);
  t.is(renderPlan(plan), renderPlan(dataOf(live())));
});

test('a note stands only where the host has changes, a warning in every plan', async (t) => {
  for (const [value, expected] of [
    ['new', [NOTES[0]]],
    ['old', NOTES],
  ] as const) {
    const {planned} = await planOver({items: [thing({name: 'a'}), ...NOTES], answers: [reads('a', value)]});
    t.deepEqual(planned[0]?.plan.notes, expected, value);
  }
});

test('notes and declarations of a role are not tasks', (t) => {
  const host = hostNamed('db1');
  const account = {declares: 'database-replication', user: 'replicator', password: new Secret('pw')} as const;
  const system = {os: 'debian', codename: 'trixie', version: '13', architecture: 'amd64'} as const;
  const facts = {...system, hostname: 'db1', cpus: 1, memory: 1, addresses: [], interfaces: [], client: ''};
  const inventory = {file: 'hosts.yml', hosts: [host], files: [], groups: new Map([['all', [host]]]), warnings: []};
  const context = {host, facts, inventory, group: () => [host], factsOf: () => facts, factsIfReached: () => facts};
  const [list] = compileHost([play('p', {hosts: 'all'}, [account, ...NOTES])], context);
  t.deepEqual(list?.tasks, []);
  t.deepEqual(list?.notes, NOTES);
});
