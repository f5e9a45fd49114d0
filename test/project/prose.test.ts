import test from 'ava';
import {parse} from 'yaml';
import {type Choices, renderProject} from '../../src/project/index.js';
import {ABOUT, choices, serversLike} from './choices.js';

const textOf = (path: string, more: Partial<Choices> = {}, name = 'shop') =>
  renderProject(choices(more), {...ABOUT, name}).get(path) ?? '';

test('the README names every server, and describes only what the project has', (t) => {
  const alone = textOf('README.md', {servers: serversLike('b', 'wp')});
  t.regex(alone, /^\| s1 \| `192\.0\.2\.1` \| balancer \(HAProxy\) \|$/m);
  t.regex(alone, /^\| s2 \| `192\.0\.2\.2` \| web server \(Nginx\); database, primary \|$/m);
  t.notRegex(alone, /keepalived|3307|REPLICA|acme/);
  const pair = textOf('README.md', {
    servers: serversLike('b', 'b', 'wp', 'wr'),
    virtualAddress: ['192.0.2.100'],
    tls: {kind: 'acme', email: 'ops@example.org'},
    content: {kind: 'application', port: 3000},
  });
  for (const word of ['keepalived', '3307', 'SHOW REPLICA STATUS', 'acme-port-443', 'port 3000', '`192.0.2.100`'])
    t.true(pair.includes(word), word);
});

test('Markdown characters in a name or a directory are escaped, and a table stays a table', (t) => {
  const text = textOf('README.md', {content: {kind: 'directory', directory: 'a|b`c'}}, '<img src=x> [a](b) `c`\n# d');
  t.is(text.split('\n')[0], '# \\<img src=x\\> \\[a\\]\\(b\\) \\`c\\` \\# d');
  t.regex(text, /^\| `` a\\\|b`c `` \| the files that the web servers serve \|$/m);
});

test('the name in package.json is one that npm accepts', (t) => {
  const named = (name: string) => JSON.parse(textOf('package.json', {}, name)).name;
  t.is(named('My Shop (2)'), 'my-shop-2');
  t.is(named('..'), 'infra-project');
  t.is(named('日本'), 'infra-project');
  t.is(named('node_modules'), 'infra-project');
});

test('the workflow gives no secrets to forks, and may write nothing but comments', (t) => {
  const workflow = parse(textOf('.github/workflows/plan.yml'));
  t.deepEqual(Object.keys(workflow.on), ['pull_request']);
  t.deepEqual(workflow.permissions, {contents: 'read', 'pull-requests': 'write'});
  t.regex(workflow.jobs.plan.if, /head\.repo\.full_name == github\.repository$/);
  const steps: readonly {uses?: string; run?: string}[] = workflow.jobs.plan.steps;
  t.deepEqual(
    steps.flatMap(({uses}) => uses ?? []),
    ['actions/checkout@v4', 'actions/setup-node@v4'],
  );
  // What an expression puts into a script could end it.
  t.true(steps.every(({run = ''}) => !run.includes('${{')));
});
