import test from 'ava';
import type {Measured} from '../../../src/database/seed/measure.js';
import {planSeed, type SeedRequest} from '../../../src/database/seed/plan-seed.js';
import {InputError} from '../../../src/model/index.js';
import {FakeServers} from '../fake-servers.js';

const SMALL: Measured = {size: 1e6, redo: 0, free: 1e9, databases: [{name: 'app', bytes: 5e5}]};
const ALONE = {source: undefined, io: false, sql: false};
const DOWN = {answers: false, reached: false, alive: false};

const plan = (fake: FakeServers, more: Partial<SeedRequest> = {}, measured: Partial<Measured> = {}) =>
  planSeed(fake.site(), {name: 'db2', run: 'run-1', compares: true, ...more}, async () => ({...SMALL, ...measured}));

async function refusal(...given: Parameters<typeof plan>): Promise<string> {
  try {
    await plan(...given);
    return 'planned';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return `${error.diagnostics[0]?.message}. ${error.diagnostics[0]?.hint}`;
  }
}

test('the steps of a seed: the old data stays until the copy is compared', async (t) => {
  const {title, steps} = await plan(new FakeServers(2));
  t.regex(title, /^seed: db2 gets a copy of db1 \(1(\.0)? MB\)$/);
  const [last] = steps.toReversed();
  t.true(last?.isFinal);
  t.is(last?.text, 'delete the old data');
  t.is(steps.at(-2)?.text, 'compare its tables with those of db1');
  t.false((await plan(new FakeServers(2), {compares: false})).steps.some(({text}) => text.startsWith('compare')));
});

test('a replica that is in step gives the copy, else the primary', async (t) => {
  t.regex((await plan(new FakeServers(3))).title, /a copy of db3 /);
  t.regex((await plan(new FakeServers(3).set('db3', {sql: false}))).title, /a copy of db1 /);
  t.regex((await plan(new FakeServers(3), {from: 'db1'})).title, /a copy of db1 /);
  t.is(
    await refusal(new FakeServers(3).set('db3', {io: false}), {from: 'db3'}),
    'db3 is neither the primary nor a replica that is in step. Take the copy from one of these: db1.',
  );
});

test('a seed needs a primary, room, and a server that can be reached', async (t) => {
  t.is(
    await refusal(new FakeServers(2).set('db1', DOWN)),
    'the primary db1 does not answer. Make one the primary first: infra db failover',
  );
  t.is(await refusal(new FakeServers(2), {name: 'db1'}), 'db1 is the primary. Its data is what the others get.');
  t.is(
    await refusal(new FakeServers(2), {name: 'db7'}),
    'there is no database server named "db7". The database servers are db1, db2.',
  );
  t.is(await refusal(new FakeServers(2).set('db2', DOWN)), 'db2 cannot be reached. Start it, then: infra db seed db2');
  t.regex(
    await refusal(new FakeServers(2), {}, {free: 1e6}),
    /^db2 has .* free, and the copy takes .* Make room on its disk/,
  );
});

test('the plan says which databases are lost, and saves what the server alone has', async (t) => {
  const {notes, steps} = await plan(new FakeServers(2).set('db2', {...ALONE, log: ['0-1-1', '0-1-2', '0-2-3']}));
  t.regex(notes[0]?.note ?? '', /^Everything on db2 is replaced: app \(.*\)\. It is kept until the copy is proven/);
  t.regex(notes[1]?.note ?? '', /^db2 has 1 transaction that db1 lacks \(0-2-3\)\. It is saved to .*ghosts-run-1/);
  t.is(steps[0]?.text, 'save what it alone has, if anything, to /var/lib/infra/database/ghosts-run-1.sql.gz');
});

const savingOf = async (fake: FakeServers) => {
  const [save] = (await plan(fake)).steps;
  return save?.run(fake.hosts);
};

test('what a server alone has is saved, also from before a restore, and when it was stopped', async (t) => {
  const own = {...ALONE, log: ['0-1-1', '0-1-2', '0-2-3']};
  t.regex((await savingOf(new FakeServers(2).set('db2', own))) ?? '', /^1 transaction saved to .*: 0-2-3$/);
  t.is(await savingOf(new FakeServers(2)), 'it alone has none');
  const stopped = new FakeServers(2).set('db2', {...own, alive: false, answers: false});
  t.regex((await savingOf(stopped)) ?? '', /^1 transaction saved/);
  const broken = new FakeServers(2).set('db2', {...own, alive: false, answers: false});
  broken.after = () => broken.set('db2', {answers: false});
  t.is(await savingOf(broken), 'the server does not start: what it alone has is not known');
  t.regex((await savingOf(new FakeServers(2).set('db2', {restored: '0-1-1'}))) ?? '', /^its data .*: 0-1-2$/);
});

test('the plan says that writes stand still while the only replica is replaced', async (t) => {
  const warnings = async (fake: FakeServers) => (await plan(fake)).notes.filter((each) => each.isWarning);
  t.true((await warnings(new FakeServers(2, {acks: 1}))).some(({note}) => /they stand still while/.test(note)));
  t.false((await warnings(new FakeServers(3, {acks: 1}))).some(({note}) => /stand still/.test(note)));
});
