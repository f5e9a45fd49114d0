import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Project, projectHere} from '../../../src/local/project.js';
import {operator} from '../../../src/local/this-machine.js';
import {InputError} from '../../../src/model/index.js';
import {findApplied, noteApplied, refuseApplied} from '../../../src/session/saved-plan/plan-applied.js';

/** A project in an empty directory, at noon. */
function project(t: ExecutionContext): Project {
  const root = mkdtempSync(path.join(tmpdir(), 'infra-applied-'));
  t.teardown(() => rmSync(root, {recursive: true}));
  return {...projectHere(), root, now: () => new Date('2026-11-22T12:00:00Z')};
}

const fileOf = ({root}: Project, id: string) => path.join(root, '.infra/plans', `${id}.json`);

test('a plan that was not applied has no note, and asking for it writes nothing', (t) => {
  const here = project(t);
  t.is(findApplied(here.root, 'a'), undefined);
  t.notThrows(() => refuseApplied(here.root, 'a'));
  t.throws(() => statSync(path.join(here.root, '.infra')), {code: 'ENOENT'});
});

test('a note says when and who, is for its owner alone, and concerns one plan', (t) => {
  const here = project(t);
  noteApplied(here, 'a');
  t.deepEqual(findApplied(here.root, 'a'), {at: '2026-11-22T12:00:00.000Z', by: operator()});
  t.is(statSync(fileOf(here, 'a')).mode & 0o777, 0o600);
  t.is(findApplied(here.root, 'b'), undefined);
  noteApplied(here, 'b');
});

test('a plan is applied once: the first note stays, and the second is refused', (t) => {
  const here = project(t);
  noteApplied(here, 'a');
  const before = readFileSync(fileOf(here, 'a'), 'utf8');
  const message = `this plan was applied on 2026-11-22T12:00:00.000Z by ${operator()}; a plan is applied once`;
  const later = {...here, now: () => new Date('2027-01-01T00:00:00Z')};
  for (const attempt of [() => noteApplied(later, 'a'), () => refuseApplied(here.root, 'a')]) {
    const error = t.throws(attempt, {instanceOf: InputError});
    t.deepEqual(error?.diagnostics, [{message, hint: 'Make a new one: infra plan --out FILE'}]);
  }
  t.is(readFileSync(fileOf(here, 'a'), 'utf8'), before);
});

test('a note that is damaged still refuses the plan', (t) => {
  const here = project(t);
  noteApplied(here, 'a');
  writeFileSync(fileOf(here, 'a'), '{"at": ');
  const message = 'this plan was applied on an unknown day by somebody; a plan is applied once';
  t.throws(() => refuseApplied(here.root, 'a'), {message});
  t.throws(() => noteApplied(here, 'a'), {message});
});
