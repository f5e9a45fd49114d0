import test from 'ava';
import fc from 'fast-check';
import {paint, styled} from '../../../src/model/index.js';
import {box, commandLines, PageBudget, renderChanges} from '../../../src/renderers/report/changes.js';
import {Html, html} from '../../../src/renderers/report/html.js';
import type {HostPart, PlayPart, ReportStep} from '../../../src/renderers/report/parts.js';

const STEP: ReportStep = {
  ...{sign: '~', tone: 'changed', name: 'file /etc/motd', verb: 'changed'},
  ...{lines: [], commands: [], output: []},
};

const HOST: HostPart = {
  ...{host: 'web1', tone: 'changed', status: 'changed', story: '1 changed'},
  ...{plays: [{play: 'web', steps: [STEP]}], skipped: [], notes: []},
};

const withStep = (step: Partial<ReportStep>, host = 'web1'): HostPart => ({
  ...HOST,
  host,
  plays: [{play: 'web', steps: [{...STEP, ...step}]}],
});

const pageOf = (...hosts: readonly HostPart[]) => renderChanges(hosts, new PageBudget()).text;

/** Without tags, with entities decoded. */
const textOf = (page: string) =>
  page.replace(/<[^>]+>/g, '').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

const titles = (page: string) => [...page.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title]) => title);

test('where no host has anything to show, that is said', (t) => {
  const none = '<p>There are no changes on any host.</p>';
  t.is(pageOf(), none);
  t.is(pageOf({...HOST, plays: []}), none);
  t.not(pageOf({...HOST, plays: [], notes: ['waited']}), none);
  t.not(pageOf({...HOST, plays: [], skipped: ['file /a']}), none);
});

test('hosts are together when they differ in nothing but times', (t) => {
  const hosts = [
    withStep({seconds: 1}, 'a'),
    withStep({seconds: 2}, 'b'),
    withStep({verb: 'created'}, 'c'),
    {...withStep({}, 'd'), notes: ['waited']},
    withStep({seconds: 3}, 'e'),
  ];
  t.deepEqual(titles(pageOf(...hosts)), ['a, b, e', 'c', 'd']);
});

test('a step has the time of its host, or the shortest and the longest of several', (t) => {
  t.regex(textOf(pageOf(withStep({seconds: 1}))), /file \/etc\/motd changed in 1\.0s\n/);
  const several = [3, 1, 2].map((seconds, index) => withStep({seconds}, `h${index}`));
  t.regex(textOf(pageOf(...several)), /changed in 1\.0s to 3\.0s/);
  t.regex(textOf(pageOf(withStep({}))), /file \/etc\/motd changed\n/);
});

test('of many hosts ten are named, and the others counted', (t) => {
  const hosts = (count: number) => Array.from({length: count}, (_, index) => withStep({}, `h${index}`));
  t.is(titles(pageOf(...hosts(10)))[0], 'h0, h1, h2, h3, h4, h5, h6, h7, h8, h9');
  t.is(titles(pageOf(...hosts(12)))[0], 'h0, h1, h2, h3, h4, h5, h6, h7, h8, h9 and 2 more');
});

test('up to eight groups are unfolded, more are folded', (t) => {
  const groups = (count: number) =>
    Array.from({length: count}, (_, index) => withStep({verb: `v${index}`}, `h${index}`));
  t.is(pageOf(...groups(8)).match(/<details class="host" open>/g)?.length, 8);
  t.is(pageOf(...groups(9)).match(/<details class="host" open>/g), null);
});

test('what differs is shown in place of the commands, and output in any case', (t) => {
  const lines = [paint('green', '+a'), styled``];
  const output = [styled`made`];
  const both = textOf(pageOf(withStep({lines, commands: ['write it'], output})));
  t.regex(both, /\+a/);
  t.notRegex(both, /write it/);
  t.regex(both, /Output:made/);
  const alone = textOf(pageOf(withStep({commands: ['make\nmake install'], output})));
  t.regex(alone, /\$ make\n {2}make install/);
  t.regex(alone, /Output:made/);
  t.notRegex(pageOf(withStep({})), /<details class="step">/);
});

test('a play says how it goes over its hosts where that is known, and skipped tasks are folded', (t) => {
  const play: PlayPart = {play: 'web', note: '2 batches', steps: [STEP]};
  const page = textOf(pageOf({...HOST, plays: [play], skipped: ['file /a', 'file /b'], notes: ['waited for <alice>']}));
  t.regex(page, /play web2 batches/);
  t.regex(page, /2 tasks skippedfile \/afile \/b/);
  t.regex(page, /waited for <alice>/);
  t.notRegex(pageOf(HOST), /class="q"|skipped/);
});

test('of a step that does not fit the details are left out, then the step, and both are counted', (t) => {
  const budget = new PageBudget();
  const long = {...STEP, commands: ['x'.repeat(3_999_000)]};
  const steps = [long, long, {...STEP, name: 'y'.repeat(4_000_000)}];
  const page = renderChanges([{...HOST, plays: [{play: 'web', steps}]}], budget).text;
  t.is(page.match(/details left out to keep the page small/g)?.length, 1);
  t.regex(page, /1 step left out to keep the page small\./);
  t.is(budget.omitted, 3);
  t.true(page.length < 4_002_000);
});

test('a budget takes what fits, and later still takes what is smaller', (t) => {
  const budget = new PageBudget();
  const piece = (length: number) => new Html('x'.repeat(length));
  t.truthy(budget.take(piece(3_999_999)));
  t.is(budget.take(piece(2)), undefined);
  t.truthy(budget.take(piece(1)));
  t.truthy(budget.take(piece(0)));
  t.is(budget.omitted, 1);
});

test('a box has a label and can be reached with the keyboard', (t) => {
  t.is(
    box('Output of "x"', html`a`).text,
    '<pre tabindex="0" role="group" aria-label="Output of &#34;x&#34;"><code>a</code></pre>',
  );
});

test('the lines of a command are one below the other, behind the sign of a prompt', (t) => {
  t.deepEqual(commandLines('a\nb\n'), ['$ a', '  b', '  ']);
  t.deepEqual(commandLines(''), ['$ ']);
});

test('no name, verb or command is more than a text', (t) => {
  fc.assert(
    fc.property(fc.string({unit: fc.constantFrom('<', '>', '"', "'", '&', 'b', '/', '\n', '\0')}), (text) => {
      const plain = pageOf(withStep({commands: ['x']})).match(/<\/?\w+/g);
      const other = {...withStep({name: text, verb: text, commands: [text]}), host: text, status: text, story: text};
      t.deepEqual(pageOf(other).match(/<\/?\w+/g), plain);
    }),
    {numRuns: 50},
  );
});
