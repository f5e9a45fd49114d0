import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {Describer} from '../../src/diff/index.js';
import {failureOf} from '../../src/engine/host-boundary.js';
import {appliedBy} from '../../src/engine/lock/applied-plans.js';
import {lockAll} from '../../src/engine/lock/lock.js';
import {parseState} from '../../src/engine/lock/pending-handlers.js';
import {planHost} from '../../src/engine/plan/plan-host.js';
import {parseFacts} from '../../src/facts/index.js';
import {Content, HostError, type Verdict} from '../../src/model/index.js';
import {renderTerraformJson} from '../../src/plans/index.js';
import {renderMarkdown, renderPlan} from '../../src/renderers/index.js';
import {type Reply, sh} from '../../src/shell/index.js';
import {certificate} from '../../src/tasks/index.js';
import {dataOf, recordOf} from '../plans/live.js';
import {recording} from '../plans/planned.js';
import {hostNamed} from '../renderers/host-named.js';
import {newAuthority} from '../support/authority.js';
import {spoiled} from '../support/spoil.js';
import {runLocally} from '../tasks/local-shell.js';
import {type Sample, sampleOf, samples} from '../tasks/sample-cases.js';
import {NO_TRANSPORT} from './local-connection.js';

/** Replies to each sample. Passwords of database users take thousands of rounds to compare. */
const RUNS = 100;
const RUNS_OF: Readonly<Record<string, number>> = {mysqlUser: 10};

const code = fc.oneof({weight: 8, arbitrary: fc.constant(0)}, fc.constantFrom(1, 2, 75, 124, 126, 127, 137, 255));

function spoiledReply({stdout, stderr}: Pick<Sample, 'stdout' | 'stderr'>): fc.Arbitrary<Reply> {
  const truncated = fc.oneof({weight: 30, arbitrary: fc.constant(false)}, fc.constant(true));
  return fc.record({code, stdout: spoiled(stdout), stderr: fc.oneof(fc.constant(stderr), spoiled(stderr)), truncated});
}

/** What it came to; throws what nobody declared. */
function judged({question}: Sample, reply: Reply): Verdict | undefined {
  return declared(() => question.judge(reply));
}

const all = samples();

/** Every answer is a verdict that is sound, or one that the parser says it does not understand. */
function judgesAnything(t: ExecutionContext, sample: Sample, numRuns = RUNS): void {
  const property = fc.property(spoiledReply(sample), (reply) => isSound(judged(sample, reply)));
  t.notThrows(() => fc.assert(property, {numRuns}), sample.name);
}

for (const type of new Set(all.map(({task}) => task.type))) {
  test(`${type}: every answer is a verdict, or said to be unreadable`, (t) => {
    for (const sample of all.filter(({task}) => task.type === type)) judgesAnything(t, sample, RUNS_OF[type]);
  });
}

test('certificate: every answer is a verdict, or said to be unreadable', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'infra-fuzz-'));
  const task = certificate({
    path: join(root, 'tls.pem'),
    names: ['web1', '192.0.2.1', 'fd00::1'],
    from: await newAuthority(),
  });
  const {question} = sampleOf('bare', task);
  const change = question.judge(runLocally(question.probe));
  if (change.type !== 'change') return t.fail();
  for (const command of (await change.late?.()) ?? []) t.is(runLocally(command).code, 0);
  judgesAnything(t, sampleOf('certificate', task, runLocally(question.probe).stdout), 2000);
  return rmSync(root, {recursive: true});
});

test('a whole host of strange answers is planned, shown and recorded', (t) => {
  const picked = fc
    .constantFrom(...all)
    .chain((sample) => fc.record({sample: fc.constant(sample), reply: spoiledReply(sample)}));
  const property = fc.property(fc.array(picked, {minLength: 1, maxLength: 6}), (tasks) => {
    const plays = [{name: 'play', needs: [], tasks: tasks.map(({sample}) => sample)}];
    const replies = tasks.map(({reply}) => reply);
    const plan = planHost(hostNamed('web1'), plays, {replies, pending: [], lastRun: ''});
    const live = {playbook: 'site', hosts: [plan]};
    const whole = dataOf(live);
    const record = recordOf(live, recording());
    const head = {infraVersion: '0', timestamp: '', counts: {}};
    return [renderPlan(whole, {detail: 'commands'}), renderMarkdown(whole), renderTerraformJson(record, head)].every(
      Boolean,
    );
  });
  t.notThrows(() => fc.assert(property, {numRuns: 1000}));
});

const FACTS = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
VERSION_ID="12"
VERSION_CODENAME=bookworm
ID=debian
hostname=web1
cpus=0-3,8
memory=2048
architecture=amd64
addresses=192.0.2.1 fd00::1
interfaces=eth0/192.0.2.1/24 eth0/fd00::1/64
client=192.0.2.9
`;

test('facts are read, or said to be unreadable; the numbers among them are numbers', (t) => {
  const property = fc.property(spoiledReply({stdout: FACTS, stderr: ''}), (reply) => {
    const facts = declared(() => parseFacts(reply));
    const numbers = facts ? [facts.cpus, facts.memory, ...facts.interfaces.map(({prefix}) => prefix)] : [];
    return numbers.every(Number.isSafeInteger);
  });
  t.notThrows(() => fc.assert(property, {numRuns: 3000}));
});

test('what earlier runs left is read, or said to be unreadable', (t) => {
  const stdout = 'reload%20nginx systemctl reload nginx\nrestart%20a%2Fb true\n. machine 1 2 run-1\n';
  const property = fc.property(spoiledReply({stdout, stderr: ''}), (reply) => {
    const state = declared(() => parseState(reply));
    return (state?.pending ?? []).every(({id, command}) => typeof id === 'string' && typeof command === 'string');
  });
  t.notThrows(() => fc.assert(property, {numRuns: 3000}));
});

test('notes of a lock and of an applied plan are read, or fail that host alone', async (t) => {
  const stdout = 'alice@laptop, run r1, process 12, since 2026-01-02\n/boot-id/pid:[1] 12 34 r1\n';
  const property = fc.asyncProperty(
    spoiledReply({stdout, stderr: ''}),
    fc.constantFrom(0, 75, 1),
    async (reply, exit) => {
      const answer = {...reply, code: exit};
      const connection = {run: async () => [answer], keep: async () => answer, stop: () => {}, close: async () => {}};
      const host = hostNamed('web1');
      const describer = new Describer();
      const judged = {
        host,
        tasks: [],
        handlers: [{play: 'p', handler: {id: 'h', command: sh`true`}, because: 'pending' as const}],
      };
      const run = {host, connection, others: new Map(), plays: [], answers: [], lastRun: '', ...{judged, describer}};
      const {failures} = await lockAll([run], CONTROL, () => {});
      const claim = await appliedBy(run, 'id').catch((error: unknown) => error);
      return (
        failures.size === (exit === 0 ? 0 : 1) &&
        (claim instanceof HostError || ['string', 'undefined'].includes(typeof claim))
      );
    },
  );
  await t.notThrowsAsync(fc.assert(property, {numRuns: 1000}));
});

const CONTROL = {
  ...{id: 'r', owner: 'me', lockTimeout: 0, keepBackups: false},
  stop: new AbortController().signal,
  transport: NO_TRANSPORT,
};

/** What a reader gives; undefined for a failure that it declares. */
function declared<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (failureOf(error).reason !== 'code-failed') return undefined;
    throw error;
  }
}

/** Every value of a state is an attribute, and every number is one: a plan is JSON, which has no other. */
function isSound(verdict: Verdict | undefined): boolean {
  const {present, desired} = verdict?.seen ?? {};
  return [present, desired].flatMap((state) => Object.values(state ?? {})).every(isAttribute);
}

function isAttribute(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (Array.isArray(value)) return value.every((each) => typeof each === 'string');
  return value === undefined || ['string', 'boolean'].includes(typeof value) || value instanceof Content;
}
