import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {projectHere} from '../../../src/local/project.js';
import {InputError} from '../../../src/model/index.js';
import {type PlanContent, renderPlanFile} from '../../../src/plans/plan-file.js';
import {noteApplied} from '../../../src/session/saved-plan/plan-applied.js';
import {digestSources} from '../../../src/session/saved-plan/plan-sources.js';
import {knownPlanDigest, loadPlanFile, openSavedPlan} from '../../../src/session/saved-plan/saved-plan.js';

function directory(t: ExecutionContext): string {
  const root = mkdtempSync(path.join(tmpdir(), 'infra-saved-'));
  t.teardown(() => rmSync(root, {recursive: true}));
  return root;
}

/** A project in a directory, with a key for plans in the environment. */
const projectIn = (root: string, key?: string) => ({
  ...projectHere(),
  root,
  env: key === undefined ? {} : {INFRA_SECRET_INFRA_PLAN_KEY: key},
});

const SAVE = 'Save a plan with: infra plan --out FILE';

test('a plan that does not exist is named with how one is saved', (t) => {
  const file = path.join(directory(t), 'site.plan');
  const error = t.throws(() => loadPlanFile(file), {instanceOf: InputError});
  t.deepEqual(error?.diagnostics, [{message: `the plan ${file} does not exist`, hint: SAVE}]);
});

test('a word that names no file may have been meant as a host', (t) => {
  const error = t.throws(() => loadPlanFile('web1'), {instanceOf: InputError});
  t.deepEqual(error?.diagnostics, [
    {message: 'the plan web1 does not exist', hint: `${SAVE}\nTo name hosts or groups: infra apply --limit web1`},
  ]);
});

test('a directory cannot be read as a plan', (t) => {
  const root = directory(t);
  const error = t.throws(() => loadPlanFile(root), {instanceOf: InputError});
  t.deepEqual(error?.diagnostics, [{message: `the plan ${root} cannot be read`, hint: SAVE}]);
});

const OTHERS: readonly (readonly [name: string, text: string, message: string, hint: string])[] = [
  ['site.ts', '', 'is a playbook, not a saved plan', 'Name it with an option: infra apply --playbook $'],
  ['site.mjs', '', 'is a playbook, not a saved plan', 'Name it with an option: infra apply --playbook $'],
  ['hosts.yml', 'web: {}\n', 'is YAML, not a saved plan', 'If it is an inventory: infra apply --inventory $'],
  [
    'site.yaml',
    '---\n- name: site\n  hosts: all\n',
    'is a playbook for Ansible',
    'Playbooks of infra are TypeScript. To import an inventory of Ansible: infra init --import FILE',
  ],
];

for (const [name, text, message, hint] of OTHERS) {
  test(`another file is refused with the option that it belongs to: ${name}`, async (t) => {
    const root = directory(t);
    const file = path.join(root, name);
    writeFileSync(file, text);
    const error = await t.throwsAsync(openSavedPlan(projectIn(root), file), {instanceOf: InputError});
    t.deepEqual(error?.diagnostics, [{message: `${file} ${message}`, hint: hint.replace('$', file)}]);
  });
}

test('a project without a key for plans has no digest, and none is made', async (t) => {
  const root = directory(t);
  t.is(await knownPlanDigest(projectIn(root)), undefined);
  t.throws(() => loadPlanFile(path.join(root, 'secrets')), {message: /does not exist/});
});

test('digests depend on the key, and the same key gives the same', async (t) => {
  const root = directory(t);
  const digest = async (key: string) => (await knownPlanDigest(projectIn(root, key)))?.('text');
  const one = await digest('a key of twenty and more');
  t.truthy(one);
  t.is(await digest('a key of twenty and more'), one);
  t.not(await digest('another key that is as long'), one);
});

test('a key that could be guessed from a plan is refused; twenty characters are enough', async (t) => {
  const root = directory(t);
  mkdirSync(path.join(root, 'secrets'));
  const error = await t.throwsAsync(knownPlanDigest(projectIn(root, 'x'.repeat(19))), {instanceOf: InputError});
  t.deepEqual(error?.diagnostics, [
    {
      message: 'the secret "infra/plan-key" has fewer than 20 characters, so it could be guessed from a plan',
      hint: 'Remove it to have one generated.',
    },
  ]);
  t.truthy(await knownPlanDigest(projectIn(root, 'x'.repeat(20))));
});

const ID = '0b7f6a52-52d0-4a3c-9c0e-7f1d7b0f2a11';

const KEY = 'a key of twenty and more';

/** Saves a plan without hosts, made from the file `site.ts` of the project. */
async function saved(t: ExecutionContext) {
  const root = directory(t);
  const project = projectIn(root, KEY);
  const digest = await knownPlanDigest(project);
  if (digest === undefined) throw new Error('there is no key');
  writeFileSync(path.join(root, 'site.ts'), '');
  const content: PlanContent = {
    ...{infraVersion: '0.1.0', id: ID, madeAt: '2026-01-02T03:04:05.678Z', madeBy: 'ada@laptop'},
    ...{options: {playbook: 'site.ts', limit: 'web'}, counts: {}},
    files: digestSources({root, playbook: path.join(root, 'site.ts'), inventory: [], templates: []}, digest),
    plan: {playbook: 'site', hosts: [], contents: {}},
  };
  const file = path.join(root, 'site.plan');
  writeFileSync(file, renderPlanFile(content, digest));
  return {project, file};
}

test('a plan whose files are as they were is opened with the options that it was made with', async (t) => {
  const {project, file} = await saved(t);
  const opened = await openSavedPlan(project, file);
  t.deepEqual([opened.file, opened.options, opened.plan.id], [file, {playbook: 'site.ts', limit: 'web'}, ID]);
});

test('a plan that somebody changed is refused, whatever they changed', async (t) => {
  const {project, file} = await saved(t);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"limit": "web"', '"limit": "all"'));
  await t.throwsAsync(openSavedPlan(project, file), {message: `the plan ${file} was changed after it was made`});
});

test('a plan is refused where its key is not known, and where there is another one', async (t) => {
  const {project, file} = await saved(t);
  const message = `the plan ${file} was made with a plan key that this project does not have`;
  await t.throwsAsync(openSavedPlan(projectIn(project.root), file), {message});
  await t.throwsAsync(openSavedPlan(projectIn(project.root, 'another key that is as long'), file), {message});
});

test('a plan whose playbook has changed since is refused with the name of the file', async (t) => {
  const {project, file} = await saved(t);
  writeFileSync(path.join(project.root, 'site.ts'), '// edited');
  const error = await t.throwsAsync(openSavedPlan(project, file), {instanceOf: InputError});
  const message = `site.ts (playbook) has changed since the plan ${file} was made`;
  t.deepEqual(error?.diagnostics, [{message, hint: 'Make a new one: infra plan --out FILE'}]);
});

test('a plan that was applied from here is not opened again', async (t) => {
  const {project, file} = await saved(t);
  noteApplied(project, ID);
  await t.throwsAsync(openSavedPlan(project, file), {message: /; a plan is applied once$/});
});
