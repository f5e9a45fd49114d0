import test from 'ava';
import type {Failure} from '../../../src/model/index.js';
import {renderFailures} from '../../../src/renderers/report/failures.js';

const FAILURE: Failure = {reason: 'command-failed', message: 'it ended with 1', task: 'file /a', play: 'web'};

const one = (host: string, more: Partial<Failure> = {}, ignored = false) => ({
  ...{host, ignored},
  failure: {...FAILURE, ...more},
});

const pageOf = (...failures: Parameters<typeof renderFailures>[0]) => renderFailures(failures).text;

const titles = (page: string) => [...page.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title]) => title);

const textOf = (page: string) =>
  page.replace(/<[^>]+>/g, '').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

test('without failures there is nothing', (t) => t.is(pageOf(), ''));

test('the same failure of several hosts is shown once; what differs in anything is shown apart', (t) => {
  const page = pageOf(one('a'), one('b', {exitCode: 2}), one('c'), one('d', {}, true));
  t.deepEqual(titles(page), ['a, c: file /a (play web)', 'b: file /a (play web)', 'd: file /a (play web)']);
});

test('failures that are ignored come last, and call for no next step', (t) => {
  const page = pageOf(one('a', {hint: 'Fix it.'}, true), one('b', {hint: 'Fix it.'}));
  t.deepEqual(titles(page), ['b: file /a (play web)', 'a: file /a (play web)']);
  t.is(page.match(/Next: Fix it\./g)?.length, 1);
  t.regex(page, /class="failure ignored"[\s\S]*Ignored because of the playbook:/);
});

test('a failure without a task is named by its reason, one without a play by its task alone', (t) => {
  const whole = one('a', {task: undefined, reason: 'unreachable'});
  t.deepEqual(titles(pageOf(whole)), ['a: unreachable']);
  t.deepEqual(titles(pageOf(one('a', {play: undefined}))), ['a: file /a']);
});

test('place, exit code, command and output are shown where they are known', (t) => {
  t.notRegex(pageOf(one('a')), /<dl|<pre|Command:|Output:/);
  const at = {file: '/site.ts', line: 3, column: 5};
  const page = pageOf(one('a', {at, exitCode: 0, command: 'make\nmake <b>', output: 'one\ntwo\n'}));
  const text = textOf(page);
  t.regex(text, /At\/site\.ts:3/);
  t.regex(text, /Exit code0/);
  t.regex(text, /Command:\$ make\n {2}make <b>/);
  t.regex(text, /Output:one\ntwo/);
  t.true(page.includes('aria-label="Command of file /a"'));
  t.notRegex(pageOf(one('a', {output: ' \n'})), /Output:/);
});

test('of a long output the end is shown', (t) => {
  const output = Array.from({length: 100}, (_, index) => `line ${index}.`).join('\n');
  const text = textOf(pageOf(one('a', {output})));
  t.regex(text, /line 99\./);
  t.notRegex(text, /line 30\./);
});

test('a hint of several lines keeps them, and is a text', (t) => {
  t.true(pageOf(one('a', {hint: 'Do:\nrm <x>'})).includes('<p class="next">Next: Do:\nrm &#60;x&#62;</p>'));
});

test('what drifted is shown with what differs', (t) => {
  const drift = [{task: 'file /a', changes: [{name: 'mode', kind: 'value', before: '0600', after: '0644'}]}] as const;
  const text = textOf(pageOf(one('a', {reason: 'drifted', drift})));
  t.regex(text, /file \/a[\s\S]*mode: 0600 → 0644/);
});
