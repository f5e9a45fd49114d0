import test from 'ava';
import fc from 'fast-check';
import {type JudgedHost, paint, type RunEvent, styled} from '../../../src/model/index.js';
import {html, paintedHtml} from '../../../src/renderers/report/html.js';
import {renderPlanReport, renderRunReport} from '../../../src/renderers/report/index.js';
import {DARK, LIGHT, type Palette, SHAPES, TEXTS} from '../../../src/renderers/report/palette.js';
import {type Span, spansOf} from '../../../src/renderers/report/time-line.js';
import {raw, Secret} from '../../../src/shell/index.js';
import {command, file} from '../../../src/tasks/index.js';
import {dataOf} from '../../plans/live.js';
import {planned} from '../../plans/planned.js';
import {hostNamed} from '../host-named.js';
import {AROUND, at, changed, everything, HOSTILE, large, NO_DRAWING, runOf} from './sample.js';

/** The text as a reader sees it: without tags, with entities decoded. */
const textOf = (page: string) =>
  page
    .replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

test('a text is never more than a text, whatever it contains', (t) => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), (text) => {
      const {text: page} = html`<p title="${text}">${text}</p>`;
      t.regex(page, /^<p title="[^"<>]*">[^<>]*<\/p>$/);
      t.notRegex(page, /[\p{Cc}\p{Cf}]/u);
    }),
  );
});

test('painted lines keep their text and close the tags that they open', (t) => {
  const line = paint('green', styled`+a ${paint('inverse', 'b<')} c`);
  t.is(paintedHtml([line, styled` plain`]).text, '<i class="a l">+a <b>b&#60;</b> c</i> plain\n');
  t.is(paintedHtml([styled`groups: ${paint('green', '+ x')}`]).text, 'groups: <i class="a">+ x</i>\n');
});

test('a page shows the result of a run, failures first', (t) => {
  const page = renderRunReport(everything(), AROUND);
  const text = textOf(page);
  t.regex(text, /shop failed on 1 of 3 hosts\n1 task changed something, in 20s\. Exit code 1\./);
  const order = ['id="failures"', 'id="hosts"', 'id="changes"', 'id="topology"'].map((id) => page.indexOf(id));
  t.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
  t.regex(text, /Failed: its command ended with exit code 1[\s\S]*Next: Fix the cause and apply again\./);
  t.regex(text, /Ignored because of the playbook: its command/);
  t.regex(text, /\$ make <\/script>[\s\S]*make install/);
  t.regex(text, /handler reload nginx ran in 1\.0s/);
  t.regex(text, /1 task skippedfile .* \(play later\): its tags were not selected/);
  t.regex(text, /web3 not started/);
  t.regex(text, /The drawing is left out: inventory\/hosts\.yml changed since this run\./);
});

test('no page can run or load anything, and its policy forbids it', (t) => {
  const page = renderRunReport(everything(), AROUND);
  t.notRegex(page, /<(script|img|link|iframe|object|embed|form)\b/i);
  t.notRegex(page.replace(/<style>[\s\S]*?<\/style>/g, ''), /\b(src|href)="(?!#)/);
  t.notRegex(page, /url\(|@import/);
  t.regex(
    page,
    /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;;/,
  );
});

test('hosts with the same steps are shown together, with the times of all', (t) => {
  const events = ['a', 'b'].flatMap((host, index) => [
    at(0, {type: 'task-started', host, play: 'web', task: 'file /etc/x'}),
    at(1, changed(host, 'file /etc/x', 1 + index)),
    at(2, {type: 'host-finished', host, changed: 1}),
  ]);
  const text = textOf(renderRunReport(runOf(['a', 'b'], events), AROUND));
  t.regex(text, /a, b changed 1 changed\n/);
  t.regex(text, /file \/etc\/x changed in 1\.0s to 2\.0s/);
});

test('a page stays small with any number of steps, and says what it leaves out', (t) => {
  const run = large(200, 100);
  const page = renderRunReport(run, AROUND);
  t.true(page.length < 8_000_000, `${page.length}`);
  t.regex(
    textOf(page),
    /Details of \d+ steps are left out.*To see them: infra runs show 20261122-103004-k7f2 --output/,
  );
  t.regex(textOf(page), /\d+ steps left out to keep the page small\./);
  t.notRegex(textOf(renderRunReport(large(2, 3), AROUND)), /left out to keep/);
});

/** What a time line needs of an event: its type, its time and how long it took. */
function event(seconds: number, each: Partial<RunEvent> & {type: RunEvent['type']}) {
  const whole: object = {host: 'a', play: 'p', task: 't', handler: 'h', seconds: 1, ...each};
  // Whatever else its type may have is of no interest here.
  return at(seconds, whole as RunEvent);
}

const START = Date.parse('2026-11-22T10:30:04.000Z');
const brief = (spans: readonly Span[]) =>
  spans.map(({phase, from, to}) => `${phase} ${(from - START) / 1000}-${(to - START) / 1000}`);

test('the time of a host follows from its events, and waiting is shown as waiting', (t) => {
  const events = [
    event(0, {type: 'host-connecting'}),
    event(1, {type: 'host-connected'}),
    event(2, {type: 'host-planned'}),
    event(6, {type: 'play-started'}),
    event(7, {type: 'task-started'}),
    event(8, {type: 'output'}),
    event(9, {type: 'task-changed'}),
    event(9, {type: 'handler-started'}),
    event(10, {type: 'handler-ran'}),
    event(10, {type: 'play-finished'}),
    event(15, {type: 'host-verified', seconds: 2}),
    event(16, {type: 'host-finished'}),
  ];
  t.deepEqual(brief(spansOf(events, START + 20_000)), [
    ...['connecting 0-1', 'reading 1-2', 'waiting 2-6', 'reading 6-7', 'task 7-9', 'handler 9-10'],
    ...['waiting 10-13', 'verifying 13-15'],
  ]);
});

test('the last phase of a host that was cut off lasts until the end; a host that did not converge was being verified', (t) => {
  const begun = [event(0, {type: 'host-connecting'}), event(1, {type: 'task-started'})];
  t.deepEqual(brief(spansOf(begun, START + 4000)), ['connecting 0-1', 'task 1-4']);
  const failure = {reason: 'not-converged', message: 'm'} as const;
  const failed = [...begun, event(2, {type: 'play-finished'}), event(3, {type: 'host-failed', failure})];
  t.deepEqual(brief(spansOf(failed, START + 9000)), ['connecting 0-1', 'task 1-2', 'verifying 2-3']);
});

const TYPES = [
  ...(['host-connecting', 'host-connected', 'host-planned', 'host-waiting', 'play-started', 'task-started'] as const),
  ...(['task-changed', 'task-retried', 'handler-started', 'handler-ran', 'play-finished', 'host-verified'] as const),
];

test('spans of time follow each other and never overlap', (t) => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...TYPES), fc.nat(5)));
  fc.assert(
    fc.property(steps, (all) => {
      const times = all.map((_, index) => all.slice(0, index + 1).reduce((sum, [, passed]) => sum + passed, 0));
      const events = all.map(([type], index) => event(times[index] ?? 0, {type}));
      const spans = spansOf(events, START + ((times.at(-1) ?? 0) + 1) * 1000);
      t.true(spans.every(({from, to}) => from < to));
      t.true(spans.every(({from}, index) => index === 0 || (spans[index - 1]?.to ?? 0) <= from));
    }),
  );
});

test('a page of a saved plan shows what would change and what cannot be planned, and no secret', (t) => {
  const tasks = [
    file({path: '/nowhere/motd', content: `hello ${HOSTILE}\n`, mode: '0644'}),
    file({path: '/nowhere/secret', content: new Secret('canary-secret\n')}),
    command({command: 'make site\nmake all', name: 'make'}),
  ];
  const handler = {id: 'reload nginx', command: raw('systemctl reload nginx')};
  const one: JudgedHost = {
    host: hostNamed('web1'),
    tasks: tasks.map((task) => planned(task)),
    handlers: [{play: 'web', handler, because: 'pending'}],
    leftOver: [{id: 'restart old', command: 'systemctl restart old'}],
  };
  const two: JudgedHost = {
    host: hostNamed('web2'),
    tasks: [],
    handlers: [],
    failure: {reason: 'unreachable', message: 'no answer', hint: 'Check that it is up.'},
  };
  const plan = dataOf({playbook: 'site', hosts: [one, two]});
  const known = {file: 'site.plan', madeAt: '2026-11-22T10:30:04.000Z', madeBy: 'alice@laptop', madeWith: '0.1.0'};
  const notes = ['It was applied on 2026-11-23 by bob.'];
  const page = renderPlanReport(plan, {...known, notes, drawing: NO_DRAWING, version: '0.1.0'});
  const text = textOf(page);
  t.regex(text, /site could not be planned on 1 of 2 hosts/);
  t.regex(text, /It was applied on 2026-11-23 by bob\./);
  t.regex(text, /web2: unreachable\nFailed: no answer\nNext: Check that it is up\./);
  t.regex(text, /file \/nowhere\/motd to create[\s\S]*mode: 0644[\s\S]*\+hello <\/script>/);
  t.regex(text, /handler reload nginx \(left over from an interrupted run\)/);
  t.regex(text, /restart old is still due from an interrupted run/);
  t.false(page.includes('canary-secret'));
  t.true(page.includes('(sensitive, 1 line)'));
});

/** WCAG 2.2: relative luminance of sRGB. */
function luminance(color: string): number {
  const channels = [1, 3, 5].map((index) => Number.parseInt(color.slice(index, index + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(palette: Palette, [one, two]: readonly [keyof Palette, keyof Palette]): number {
  const [dark = 0, light = 0] = [luminance(palette[one]), luminance(palette[two])].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

for (const [name, palette] of Object.entries({LIGHT, DARK})) {
  test(`texts and shapes have enough contrast in the colours of ${name}`, (t) => {
    for (const pair of TEXTS) t.true(contrast(palette, pair) >= 4.5, `${pair}: ${contrast(palette, pair)}`);
    for (const pair of SHAPES) t.true(contrast(palette, pair) >= 3, `${pair}: ${contrast(palette, pair)}`);
  });
}
