import {spawnSync} from 'node:child_process';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {renderTerraformJson} from '../../src/plans/index.js';
import {raw, Secret} from '../../src/shell/index.js';
import {command, directory, file} from '../../src/tasks/index.js';
import {recordOf} from './live.js';
import {planned, planOf, recording} from './planned.js';

const root = mkdtempSync(join(tmpdir(), 'infra-terraform-'));
const put = (name: string, text: string) => {
  writeFileSync(join(root, name), text, {mode: 0o644});
  return join(root, name);
};

/** What policies navigate: the part of Terraform's plan JSON that they rely on. */
interface PlanJson {
  readonly format_version: string;
  readonly errored: boolean;
  readonly complete: boolean;
  readonly resource_changes: readonly {
    readonly address: string;
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly index: string;
    readonly change: Readonly<Record<'before' | 'after' | 'after_unknown' | 'after_sensitive', unknown>> & {
      readonly actions: readonly string[];
    };
    readonly infra: object;
  }[];
}

const reload = {id: 'reload nginx', command: raw('systemctl reload nginx')};

function example(): string {
  const {verdict: _, ...waiting} = planned(command({command: 'true', name: 'wait'}));
  const tasks = [
    planned(file({path: put('same', 'x\n'), content: 'x\n'})),
    planned(file({path: join(root, 'new'), content: 'hello\n', mode: '0777'})),
    planned(file({path: put('old', 'one\n'), content: 'two\n', owner: 'root'})),
    planned(file({path: put('gone', 'bye\n'), state: 'absent'})),
    planned(file({path: put('secret', 'old-canary\n'), content: new Secret('new-canary\n')})),
    planned(directory({path: join(root, 'directory')})),
    planned(command({command: 'make site', name: 'make'})),
    {...waiting, verdict: {type: 'unknown', because: 'not there yet'}, seen: undefined} as const,
  ];
  const plan = planOf({web1: tasks, web2: tasks}, [{play: 'web', handler: reload, because: 'change'}]);
  const head = {infraVersion: '0.1.0', timestamp: '2026-01-02T03:04:05Z', counts: {create: 4}};
  return renderTerraformJson(recordOf(plan, recording(undefined, undefined)), head);
}

// The test's own data.
const parse = (text: string) => JSON.parse(text) as PlanJson;

test('every task is a resource change with the action that Terraform would name', (t) => {
  const {format_version, errored, complete, resource_changes} = parse(example());
  t.is(format_version, '1.2');
  t.false(errored);
  t.true(complete);
  const first = resource_changes.filter(({index}) => index === 'web1');
  t.deepEqual(
    first.map(({type, change}) => [type, ...change.actions]),
    [
      ['file', 'no-op'],
      ['file', 'create'],
      ['file', 'update'],
      ['file', 'delete'],
      ['file', 'update'],
      ['directory', 'create'],
      ['command', 'update'],
      ['command', 'update'],
      ['handler', 'update'],
    ],
  );
  t.true(resource_changes.every(({mode}) => mode === 'managed'));
  t.is(new Set(resource_changes.map(({address}) => address)).size, resource_changes.length);
});

test('before and after hold whole states, and mark what is secret or not known yet', (t) => {
  const [same, made, changed, gone, secret, , run, unknown, handler] = parse(example()).resource_changes;
  t.deepEqual(same?.change.before, same?.change.after);
  t.is(made?.change.before, null);
  t.like(made?.change.after, {content: 'hello\n', mode: '0777'});
  t.like(changed?.change, {before: {content: 'one\n', owner: 'root'}, after: {content: 'two\n', owner: 'root'}});
  t.like(gone?.change.before, {content: 'bye\n', mode: '0644'});
  t.is(gone?.change.after, null);
  t.like(secret?.change, {before: {content: '(sensitive)'}, after_sensitive: {content: true}});
  t.like(run?.infra, {action: 'run', commands: ['make site'], always: true});
  t.like(unknown, {change: {after_unknown: {state: true}}, infra: {action: 'unknown', because: 'not there yet'}});
  t.like(handler, {name: 'reload nginx', infra: {action: 'handler', because: 'change'}});
  t.false(example().includes('canary'));
});

/**
 * Policies as they are written for Terraform's plans, in jq: nothing of a type may be deleted, no file may be writable
 * for all, no secret may be created unmarked, no more than that many changes at once.
 */
const POLICIES: Readonly<Record<string, string>> = {
  deletions: `[.resource_changes[] | select(.mode == "managed" and .type == "file")
    | select(.change.actions | index("delete")) | "\\(.address) is deleted"]`,
  modes: `[.resource_changes[] | select(.change.after != null)
    | select(.change.after.mode // "" | test("[2367]$")) | "\\(.address) is writable for all"]`,
  secrets: `[.resource_changes[] | select(.change.after.content? == "(sensitive)")
    | select(.change.after_sensitive.content != true) | .address]`,
  blast: `[.resource_changes[] | select(.change.actions != ["no-op"]) | .address]
    | if length > 10 then ["\\(length) changes at once"] else [] end`,
  unknowns: `[.resource_changes[] | select([.change.after_unknown[]?] | any) | .address]`,
};

const jq = spawnSync('jq', ['--version']).status === 0 ? test : test.skip;

jq("policies written for Terraform's plans find what they look for", (t) => {
  const verdicts = Object.entries(POLICIES).map(([name, policy]) => {
    const {stdout, stderr} = spawnSync('jq', ['-c', policy], {input: example(), encoding: 'utf8'});
    t.is(stderr, '', name);
    return [name, (JSON.parse(stdout) as string[]).length];
  });
  // Two hosts each.
  t.deepEqual(Object.fromEntries(verdicts), {deletions: 2, modes: 2, secrets: 0, blast: 1, unknowns: 2});
});

test('a plan of which a host failed says so', (t) => {
  const plan = planOf({web1: []});
  const [host] = plan.hosts;
  if (!host) return t.fail();
  const failed = {...plan, hosts: [{...host, failure: {reason: 'unreachable', message: 'no answer'} as const}]};
  const head = {infraVersion: '0.1.0', timestamp: '', counts: {}};
  const json = JSON.parse(renderTerraformJson(recordOf(failed, recording()), head));
  return t.like(json, {errored: true, complete: false, infra: {failures: [{host: 'web1', reason: 'unreachable'}]}});
});
