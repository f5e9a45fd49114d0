import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {ReachedHost} from '../../../src/engine/connect/host-pool.js';
import {planAll} from '../../../src/engine/index.js';
import {
  defineTask,
  type Host,
  HostError,
  InputError,
  type Items,
  play,
  type RoleContext,
  type RunEvent,
} from '../../../src/model/index.js';
import {sh} from '../../../src/shell/index.js';
import {hostNamed} from '../../renderers/host-named.js';
import {localHost, NO_TRANSPORT} from '../local-connection.js';

/** A task whose state is what a command prints; `parse` is the user's own. */
const said = (parse: (text: string) => {text: string} | null) =>
  defineTask<{text: string; probe?: string}, {text: string}>({
    type: 'said',
    id: ({text}) => text,
    probe: ({probe = 'echo old'}) => sh`eval ${probe}`,
    parse: ({stdout}) => parse(stdout.trim()),
    desire: ({text}) => ({text}),
    change: ({text}) => [sh`echo ${text}`],
  });

const plain = said((text) => ({text}));

interface Given {
  readonly items: Items | ((context: RoleContext) => Items);
  readonly reach?: (host: Host) => Promise<ReachedHost>;
  readonly hosts?: readonly string[];
}

async function planFor(t: ExecutionContext, {items, reach, hosts: names = ['h1', 'h2']}: Given) {
  const root = mkdtempSync(path.join(tmpdir(), 'infra-plan-all-'));
  t.teardown(() => rmSync(root, {recursive: true}));
  const hosts = names.map(hostNamed);
  const events: RunEvent[] = [];
  const planned = await planAll({
    plays: [play('web', {hosts: 'all'}, typeof items === 'function' ? [items] : items)],
    inventory: {hosts, groups: new Map([['all', hosts]]), file: 'hosts.yaml', files: []},
    hosts,
    environment: {templateDirectories: []},
    listener: (event) => events.push(event),
    transport: NO_TRANSPORT,
    reach: reach ?? (async ({name}) => localHost(path.join(root, name), {hostname: name})),
  });
  const of = (name: string) => {
    const found = planned.find(({plan}) => plan.host.name === name);
    if (!found) throw new Error(`nothing of ${name}`);
    return found;
  };
  return {of, events, planned};
}

/** h1 fails and says so once, h2 is planned. */
async function onlyFirstFails(t: ExecutionContext, given: Given) {
  const {of, events} = await planFor(t, given);
  t.deepEqual(of('h1').run, undefined);
  t.is(of('h2').plan.failure, undefined);
  t.truthy(of('h2').run);
  t.is(of('h2').plan.tasks[0]?.verdict.type, 'change');
  t.is(events.filter(({type, host}) => type === 'host-failed' && host === 'h1').length, 1);
  t.is(events.filter(({type, host}) => type === 'host-planned' && host === 'h2').length, 1);
  return of('h1').plan;
}

const atFirst =
  (work: () => never): ((context: RoleContext) => Items) =>
  ({facts}) =>
    facts.hostname === 'h1' ? work() : [plain({text: 'new'})];

test('whatever a role throws for the facts of one host ends that host alone', async (t) => {
  const refused = await onlyFirstFails(t, {
    items: atFirst(() => {
      throw new InputError([{message: 'no port for bookworm'}]);
    }),
  });
  t.like(refused.failure, {reason: 'input-refused', message: 'no port for bookworm'});
  for (const thrown of [
    new TypeError('x is undefined'),
    undefined,
    'text',
    new HostError({reason: 'locked', message: 'm'}),
  ]) {
    const {failure} = await onlyFirstFails(t, {
      items: atFirst(() => {
        throw thrown;
      }),
    });
    t.is(failure?.reason, thrown instanceof HostError ? 'locked' : 'code-failed');
  }
});

test('whatever goes wrong on the way to one host ends that host alone', async (t) => {
  for (const thrown of [new RangeError('deep'), undefined, new InputError([{message: 'm'}])]) {
    const root = mkdtempSync(path.join(tmpdir(), 'infra-plan-all-'));
    const reach = async ({name}: Host) => {
      if (name === 'h1') throw thrown;
      return localHost(root);
    };
    await onlyFirstFails(t, {items: [plain({text: 'new'})], reach});
    rmSync(root, {recursive: true});
  }
});

test('a stray file next to the notes of handlers does not prevent a plan', async (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'infra-plan-all-'));
  mkdirSync(path.join(root, 'infra', 'pending'), {recursive: true});
  writeFileSync(path.join(root, 'infra', 'pending', '50%'), 'x\n');
  const {of} = await planFor(t, {items: [plain({text: 'new'})], reach: async () => localHost(root)});
  for (const name of ['h1', 'h2']) t.is(of(name).plan.failure, undefined);
  rmSync(root, {recursive: true});
});

test('tasks that cannot be read fail in their places, and all others of the host are shown', async (t) => {
  const json = said((text) => ({text: JSON.parse(text) as string}));
  const probe = `[ "$(hostname)" = never ] || echo '{'`;
  const tasks = [plain({text: 'a'}), json({text: 'b', probe}), plain({text: 'c'}), json({text: 'd', probe})];
  const {of, events} = await planFor(t, {items: tasks, hosts: ['h1']});
  const {plan, run} = of('h1');
  t.is(run, undefined);
  t.deepEqual(
    plan.tasks.map(({verdict}) => verdict.type),
    ['change', 'failed', 'change', 'failed'],
  );
  const [, second] = plan.tasks;
  if (second?.verdict.type !== 'failed') return t.fail();
  t.like(second.verdict.failure, {reason: 'code-failed', task: 'said b', play: 'web', exitCode: 0, output: '{'});
  t.is(second.verdict.failure.at?.file.endsWith('plan-all.test.ts'), true);
  t.regex(String(second.verdict.failure.stack), /JSON\.parse/);
  t.regex(plan.failure?.message ?? '', /JSON.*1 more task of this host failed too/);
  t.is(events.filter(({type}) => type === 'host-failed').length, 1);
  return undefined;
});

test('what is wrong for every host is told once as a fault of the files, and no connection stays open', async (t) => {
  let closed = 0;
  const reach = async () => localHost('/nonexistent', {}, () => (closed += 1));
  const refuse = () => {
    throw new InputError([{message: 'port is missing'}]);
  };
  const error = await t.throwsAsync(planFor(t, {items: refuse, reach}), {instanceOf: InputError});
  t.deepEqual(error.diagnostics, [{message: 'port is missing', at: error.diagnostics[0]?.at}]);
  t.is(closed, 2);
  const bug = new TypeError('x is undefined');
  const thrown = await t.throwsAsync(
    planFor(t, {
      items: () => {
        throw bug;
      },
      reach,
    }),
  );
  t.is(thrown, bug);
});
