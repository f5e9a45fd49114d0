import test from 'ava';
import {
  type Action,
  type AttributeChange,
  Content,
  type Handler,
  type JudgedHost,
  type JudgedTask,
  type Verdict,
} from '../../../src/model/index.js';
import {countPlan} from '../../../src/renderers/index.js';
import {raw} from '../../../src/shell/index.js';
import {dataOf} from '../../plans/live.js';
import {renderPlan} from '../as-text.js';
import {hostNamed} from '../host-named.js';

const reload: Handler = {id: 'reload nginx', command: raw('systemctl reload nginx')};

type Change = readonly [name: string, before: AttributeChange['before'], after: AttributeChange['after'], 'sensitive'?];

function change(action: Action, ...changes: Change[]): Verdict {
  const diff = changes.map(([name, before, after, hidden]) => ({name, before, after, sensitive: hidden !== undefined}));
  return {type: 'change', action, diff, commands: []};
}

function planned(name: string, verdict: Verdict, more: {play?: string; always?: boolean} = {}): JudgedTask {
  const [type = '', ...id] = name.split(' ');
  const task = {
    type,
    id: id.join(' '),
    notify: [reload],
    affects: [],
    needs: [],
    always: more.always ?? false,
  };
  const open = () => ({probe: raw('true'), judge: () => verdict});
  return {play: more.play ?? 'web', task: {...task, at: undefined, open}, verdict};
}

const hostPlan = (name: string, tasks: JudgedTask[], more: Partial<JudgedHost> = {}): JudgedHost => {
  return {host: hostNamed(name), tasks, handlers: [], ...more};
};

const render = (...hosts: JudgedHost[]) => renderPlan(planFor(...hosts));

const planFor = (...hosts: JudgedHost[]) => dataOf({playbook: 'site', hosts});

test('a plan without changes is one line', (t) => {
  const same = planned('apt nginx', {type: 'unchanged'});
  t.is(render(hostPlan('web1', [same])), 'No changes. 1 host matches the playbook.\n');
  t.is(render(hostPlan('web1', [same]), hostPlan('web2', [])), 'No changes. 2 hosts match the playbook.\n');
});

test('a brief plan names changes and shows failures in full; with commands, it shows these too', (t) => {
  const verdict = change('update', ['mode', '0644', '0600']);
  const commands = [raw('chmod -- 0600 /etc/a'), raw('sync')];
  const host = hostPlan('web1', [planned('file /etc/a', {...verdict, commands} as Verdict)]);
  const failure = {reason: 'unreachable', message: 'No answer.', hint: 'Wait.'} as const;
  const plan = planFor(host, hostPlan('web2', [], {failure}));
  const brief = renderPlan(plan, {detail: 'brief'});
  t.true(brief.startsWith('web1\n  play web\n    ~ file /etc/a\n\n✗ web2: unreachable\n'), brief);
  t.regex(brief, /Wait\.\n\nPlan: 2 hosts · .* 1 failed\n$/s);
  const full = renderPlan(plan, {detail: 'commands'});
  t.true(full.includes('~ file /etc/a\n      $ chmod -- 0600 /etc/a\n      $ sync\n      mode: 0644 → 0600\n'), full);
});

test('a plan lists changes by host and play, and counts the rest', (t) => {
  const plan = render(
    hostPlan('db1', [planned('apt mariadb-server', {type: 'unchanged'})]),
    hostPlan('web1', [
      planned('sysctl vm.swappiness', change('update', ['value', '60', '10']), {play: 'baseline'}),
      planned('directory /srv/site', change('create', ['mode', undefined, '0755'], ['owner', undefined, 'root'])),
      planned('symlink /etc/old', change('delete', ['target', '/srv/old', undefined])),
      planned('user app', change('update', ['shell', undefined, '/bin/sh'], ['groups', ['a', 'b'], ['b', 'c']])),
      planned('service nginx', {type: 'unknown', because: 'the unit does not exist yet'}),
      planned('command make site', change('run'), {always: true}),
    ]),
  );
  t.is(
    plan,
    `db1
  no changes

web1
  play baseline
    ~ sysctl vm.swappiness
      value: 60 → 10
  play web
    + directory /srv/site
      mode: 0755
      owner: root
    - symlink /etc/old
      target: /srv/old
    ~ user app
      shell: (none) → /bin/sh
      groups: + c
              - a
    ? service nginx
      known after apply: the unit does not exist yet
    ! command make site
      runs at every apply

Plan: 2 hosts · 1 to create, 2 to change, 1 to delete, 1 to run,
      1 known after apply · 1 unchanged
`,
  );
});

test('a content is shown as a unified diff after the short attributes', (t) => {
  const before = Content.of('one\ntwo\nthree\nfour\nfive\nsix\n');
  const after = Content.of('one\ntwo\nthree\nfour\nFIVE\nsix\n');
  const file = planned('file /etc/motd', change('update', ['content', before, after], ['mode', '0600', '0644']));
  t.is(
    render(hostPlan('web1', [file])),
    `web1
  play web
    ~ file /etc/motd
      mode: 0600 → 0644
      --- /etc/motd
      +++ /etc/motd
      @@ -2,5 +2,5 @@
       two
       three
       four
      -five
      +FIVE
       six

Plan: 1 host · 0 to create, 1 to change, 0 to delete
`,
  );
});

test('hosts with the same changes are shown together, in the order of the inventory', (t) => {
  const task = planned('apt nginx', change('create', ['version', undefined, '1.26']));
  const plan = render(hostPlan('web1', [task]), hostPlan('lb1', []), hostPlan('web2', [task]));
  t.is(
    plan,
    `web1, web2
  play web
    + apt nginx
      version: 1.26

lb1
  no changes

Plan: 3 hosts · 2 to create, 0 to change, 0 to delete
`,
  );
});

test('a handler says why it runs', (t) => {
  const tasks = [
    planned('file /a', change('update', ['mode', '0600', '0644'])),
    planned('file /b', change('update', ['mode', '0600', '0644'])),
    planned('file /c', {type: 'unknown', because: 'later'}, {play: 'late'}),
  ];
  const plan = render(
    hostPlan('web1', tasks, {
      handlers: [
        {play: 'web', handler: reload, because: 'change'},
        {play: 'late', handler: reload, because: 'known-after-apply'},
        {play: 'old', handler: reload, because: 'pending'},
      ],
    }),
  );
  t.regex(plan, /→ reload nginx \(because file \/a and 1 more change\)/);
  t.regex(plan, /→ reload nginx \(if file \/c changes\)/);
  t.regex(plan, /play old\n {4}→ reload nginx \(left over from an interrupted run\)/);
  t.regex(plan, /·\n {6}3 handlers\n$/);
});

test('a handler left over is a change even when no task would change anything', (t) => {
  const plan = render(hostPlan('web1', [], {handlers: [{play: 'web', handler: reload, because: 'pending'}]}));
  t.regex(plan, /Plan: 1 host .* 1 handler\n$/);
});

test('a host that could not be planned shows its failure, and its name once', (t) => {
  const failure = {reason: 'unreachable', message: 'No answer.', hint: 'Check the address.'} as const;
  t.is(
    render(hostPlan('db1', [], {failure})),
    `✗ db1: unreachable
  No answer.
  next     Check the address.

Plan: 1 host · 0 to create, 0 to change, 0 to delete · 1 failed
`,
  );
});

test('the commands of a task that runs are shown unless its name says them, with secrets masked', (t) => {
  const verdict: Verdict = {
    type: 'change',
    action: 'run',
    diff: [],
    commands: [raw('make site'), raw('make b\nmake c')],
  };
  const plan = render(hostPlan('web1', [planned('command make site', verdict)]));
  t.regex(plan, /! command make site\n {6}\$ make b\n {6}\$ make c\n\n/);
});

test('names and values cannot control the terminal', (t) => {
  const task = planned('file /tmp/a\u001b[2J\nb\u202e', change('update', ['mode', '\u009b1m', ' x ']));
  const plan = render(hostPlan('web\u00071', [task]));
  t.true(plan.includes('web␇1\n'));
  t.true(plan.includes('~ file /tmp/a␛[2J␊b<U+202E>\n'));
  t.true(plan.includes('mode: <U+009B>1m → " x "\n'));
});

test('long names and values wrap within the width, below their beginning', (t) => {
  const names = Array.from({length: 12}, (_, index) => `package-${index}`);
  const plan = render(
    hostPlan('web1', [planned(`apt ${names.join(', ')}`, change('create', ['packages', undefined, names]))]),
  );
  t.true(plan.split('\n').every((line) => line.length <= 80));
  t.regex(plan, /\n {6}packages: package-0,.*\n {16}package-/);
});

test('colour is used only when asked for, and changes no character', (t) => {
  const plan = planFor(hostPlan('web1', [planned('file /a', change('delete', ['mode', '0', undefined]))]));
  const colored = renderPlan(plan, {color: true});
  t.true(colored.includes('\u001b[31m-\u001b[39m file /a'));
  t.is(colored.replace(/\u001b\[\d+m/g, ''), renderPlan(plan));
});

test('the counts leave out hosts that could not be planned', (t) => {
  const failure = {reason: 'unreachable', message: 'No answer.'} as const;
  const hosts = [hostPlan('a', [planned('file /a', change('create'))]), hostPlan('b', [], {failure})];
  t.like(countPlan(planFor(...hosts)), {create: 1, update: 0, failed: 1, handlers: 0});
});

test('a plan shows the batches of a play, and what is special about a task', (t) => {
  const task = planned('file /etc/a', change('create', ['mode', undefined, '0644']));
  const special = {...task, task: {...task.task, label: 'the page', delegateTo: 'lb1', ignoreErrors: true}};
  const rollouts = [{play: 'web', batches: [1, 2, 2], maxFailures: 1}];
  const skipped = [{play: 'web', task: task.task, because: 'tags' as const}];
  t.is(
    render(hostPlan('web1', [special], {rollouts, skipped})),
    `web1
  play web
    3 batches: 1 host first, then up to 2 at a time; stops when more than 1 host
    fails
    + file /etc/a (the page)
      on lb1
      failures are ignored
      mode: 0644

Plan: 1 host · 1 to create, 0 to change, 0 to delete · 1 skipped
`,
  );
});
