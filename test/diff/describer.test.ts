import {randomUUID} from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {Describer} from '../../src/diff/index.js';
import {type Attribute, Content, type Plan} from '../../src/model/index.js';
import {parsePlan, renderPlanFile} from '../../src/plans/index.js';
import {renderMarkdown} from '../../src/renderers/index.js';
import {renderPlanReport} from '../../src/renderers/report/index.js';
import {makeMask} from '../../src/secrets/mask.js';
import {dataOf, recordOf} from '../plans/live.js';
import {digest, recording} from '../plans/planned.js';
import {richPlan} from '../plans/rich.js';
import {renderDiff, renderPlan} from '../renderers/as-text.js';

const live = richPlan();
const plan = dataOf(live);

/** As a file of a saved plan gives it back. */
function saved(): Plan {
  const head = {infraVersion: '0.1.0', id: randomUUID(), madeAt: '2026-01-02T03:04:05.678Z', madeBy: 'alice@laptop'};
  const content = {...head, options: {}, counts: {}, files: [], plan: recordOf(live, recording())};
  return parsePlan(renderPlanFile(content, digest), 'site.plan').plan.plan;
}

const AROUND = {
  ...{file: 'f', madeAt: '2026-01-02T03:04:05.678Z', madeBy: 'a', madeWith: '0', notes: [], version: '0'},
  drawing: {because: 'none'},
};

test('a plan survives JSON', (t) => {
  t.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
});

test('a plan looks the same from JSON and from a file, on a terminal, in Markdown and on a page', (t) => {
  const copies: readonly Plan[] = [JSON.parse(JSON.stringify(plan)), saved()];
  for (const copy of copies) {
    for (const detail of ['brief', 'diffs', 'commands'] as const) {
      for (const width of [40, 120])
        t.is(renderPlan(copy, {width, detail, color: true}), renderPlan(plan, {width, detail, color: true}));
      t.is(renderMarkdown(copy, detail), renderMarkdown(plan, detail));
    }
    t.is(renderPlanReport(copy, AROUND), renderPlanReport(plan, AROUND));
  }
});

test('a saved plan holds the very diffs that the plan has', (t) => {
  const diffsOf = ({hosts}: Plan) =>
    hosts.flatMap(({tasks}) => tasks.flatMap(({verdict}) => (verdict.type === 'change' ? verdict.diff : [])));
  t.deepEqual(diffsOf(saved()), diffsOf(plan));
  t.deepEqual([...new Set(diffsOf(plan).map(({kind}) => kind))].toSorted(), [
    ...['digests', 'hidden', 'hunks', 'items', 'lines', 'value'],
  ]);
});

const SECRETS = [
  'canary-red fox',
  'canary-red dog',
  '-----BEGIN KEY-----\ncanary line one\ncanary line two\n-----END KEY-----\n',
];

const mask = (() => {
  const made = makeMask();
  for (const each of SECRETS) made.add(each);
  return made.mask;
})();

const describe = (before: Attribute, after: Attribute) =>
  new Describer(mask).difference([{name: 'content', before, after, sensitive: false}], '/etc/a');

test('a secret is found though a diff would cut it into words that differ and words that do not', (t) => {
  const diffs = describe(Content.of('a = canary-red fox\nb\n'), Content.of('a = canary-red dog\nb\n'));
  t.notRegex(JSON.stringify(diffs), /canary|red|fox|dog/);
  t.deepEqual(diffs.flatMap((each) => renderDiff(each)).slice(3), ['-a = (sensitive)', '+a = (sensitive)', ' b', '']);
});

test('each line of a secret is hidden, and all lines where a secret goes over lines that tell nothing alone', (t) => {
  const lines = (text: string) => describe(undefined, Content.of(text)).flatMap((each) => renderDiff(each, false));
  t.deepEqual(lines(`x\n${SECRETS[2]}`).slice(1, -1), [
    ...['+x', '+-----BEGIN KEY-----', '+(sensitive)', '+(sensitive)', '+-----END KEY-----'],
  ]);
  const shown = lines('x\n\na = canary-red\n  fox\n').slice(1, -1);
  t.deepEqual(shown, ['+(sensitive)', '+', '+(sensitive)', '+(sensitive)']);
});

test('values, lists and names are masked, and bytes with a secret have no digest', (t) => {
  const binary = Content.of(`\0${SECRETS[0]}`);
  const values = [
    ...describe('x', SECRETS[0]),
    ...describe(['a'], ['a', `${SECRETS[0]}`]),
    ...describe(Content.of('x'), binary),
    ...new Describer(mask).difference(
      [{name: `of ${SECRETS[0]}`, before: Content.of('a'), after: Content.of('b'), sensitive: false}],
      'x',
    ),
  ];
  const text = JSON.stringify(values);
  t.false(text.includes('canary') || text.includes(binary.sha256.slice(0, 8)), text);
  t.is(text.match(/\(sensitive\)/g)?.length, 4);
});

test('no secret that is known stands in what is said of any two texts', (t) => {
  const word = fc.constantFrom(...SECRETS, 'a', ' = ', '\n', '\n', '"', 'red', 'b c');
  const text = fc.array(word, {maxLength: 12}).map((words) => words.join(''));
  const hides = fc.property(text, text, (before, after) => {
    const shown = describe(Content.of(before), Content.of(after)).flatMap((each) => renderDiff(each));
    return !shown.join('\n').includes('canary');
  });
  t.notThrows(() => fc.assert(hides, {numRuns: 500}));
});

test('a change is compared once, however often it is asked for', (t) => {
  const describer = new Describer();
  const change = {action: 'update', diff: [{name: 'mode', before: '1', after: '2', sensitive: false}]} as const;
  t.is(describer.diff(change, '/etc/a'), describer.diff({...change}, '/etc/a'));
});
