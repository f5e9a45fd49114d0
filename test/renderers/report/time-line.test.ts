import test from 'ava';
import type {HostPart} from '../../../src/renderers/report/parts.js';
import {type HostTime, renderTimeLine, type Span} from '../../../src/renderers/report/time-line.js';

const part = (more: Partial<HostPart> = {}): HostPart => ({
  ...{host: 'web1', tone: 'changed', status: 'changed', story: '1 changed', plays: [], skipped: [], notes: []},
  ...more,
});

const span = (phase: Span['phase'], from: number, to: number): Span => ({phase, from, to});

const lineOf = (...hosts: readonly HostTime[]) => renderTimeLine(hosts).text;

/** The paths of bars as `PHASE PATH`. */
const pathsOf = (page: string) =>
  [...page.replace(/<p class="keys">.*?<\/p>/s, '').matchAll(/<path class="k-(\w+)" d="(.*?)"\/>/g)].map(
    ([, phase, path]) => `${phase} ${path}`,
  );

test('without any time there is a list of hosts and no scale', (t) => {
  const page = lineOf({part: part(), spans: []}, {part: part({host: 'web2', tone: 'soft', story: ''}), spans: []});
  t.regex(page, /^<ul class="hosts"><li><p><strong>web1<\/strong> <span class="changed">changed<\/span>/);
  t.regex(page, /<strong>web2<\/strong> <span class="soft">/);
  t.notRegex(page, /svg|axis|keys/);
});

test('all bars have one scale, from the first moment of any host to the last of any', (t) => {
  const page = lineOf(
    {part: part(), spans: [span('connecting', 10_000, 12_000), span('task', 12_000, 15_000)]},
    {part: part({host: 'web2'}), spans: [span('waiting', 15_000, 20_000)]},
  );
  t.deepEqual(pathsOf(page), [
    'connecting M0 10h200v5h-200z',
    'task M200 1h300v14h-300z',
    'waiting M500 7h500v2h-500z',
  ]);
});

test('the axis has five marks, from nothing to the whole time', (t) => {
  const page = lineOf({part: part(), spans: [span('task', 0, 8000)]});
  const [, axis = ''] = /<div class="axis"[^>]*>(.*?)<\/div>/s.exec(page) ?? [];
  const marks = [...axis.matchAll(/<span>(.*?)<\/span>/g)].map(([, mark]) => mark);
  t.deepEqual(marks, ['0.0s', '2.0s', '4.0s', '6.0s', '8.0s']);
});

test('a task or a handler is drawn however short it is, other phases only where they have a width', (t) => {
  const brief = (phase: Span['phase']) =>
    pathsOf(lineOf({part: part(), spans: [span(phase, 0, 1), span('waiting', 1, 100_000)]}));
  t.is(brief('task')[0], 'task M0 1h1v14h-1z');
  t.is(brief('handler')[0], 'handler M0 1h1v9h-1z');
  for (const phase of ['connecting', 'reading', 'verifying'] as const)
    t.deepEqual(
      brief(phase).filter((path) => !path.startsWith('waiting')),
      [],
      phase,
    );
});

test('spans that begin in one place are drawn once, as the longest of them', (t) => {
  const spans = [span('task', 0, 1), span('task', 1, 2), span('task', 2, 500), span('waiting', 500, 1_000_000)];
  t.is(pathsOf(lineOf({part: part(), spans})).filter((path) => path.startsWith('task')).length, 1);
});

test('below a bar there is the time of each phase, added up, without those below 50 ms', (t) => {
  const spans = [
    ...[span('connecting', 0, 49), span('reading', 49, 99), span('task', 99, 1099)],
    ...[span('waiting', 1099, 2099), span('task', 2099, 4099)],
  ];
  t.regex(lineOf({part: part(), spans}), /<small>reading its state 0\.1s · tasks 3\.0s · waiting 1\.0s<\/small>/);
});

test('the end of a host that failed is marked, within the bar; that of others is not', (t) => {
  const failed = (to: number) =>
    lineOf(
      {part: part({tone: 'bad', status: 'failed'}), spans: [span('task', 0, to)]},
      {part: part({host: 'web2'}), spans: [span('task', 0, 1000)]},
    );
  t.regex(failed(500), /<path class="k-end" d="M500 0h3v16h-3z"\/>/);
  t.regex(failed(1000), /<path class="k-end" d="M997 0h3v16h-3z"\/>/);
  t.is(failed(500).match(/k-end/g)?.length, 1);
});

test('names are texts', (t) => {
  const page = lineOf({part: part({host: '<b>', status: '"x"', story: "'y'"}), spans: []});
  t.true(
    page.includes('<strong>&#60;b&#62;</strong> <span class="changed">&#34;x&#34;</span> <small>&#39;y&#39;</small>'),
  );
});
