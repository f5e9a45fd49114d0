import test from 'ava';
import type {HostPlan, Plan} from '../../src/model/index.js';
import {detailOf} from '../../src/session/output-options.js';
import {isWorthShowing} from '../../src/session/plan-and-show.js';
import {hostNamed} from '../renderers/host-named.js';

const planOf = (...hosts: HostPlan[]): Plan => ({playbook: 'site', hosts});

const host = (handlers: HostPlan['handlers']): HostPlan => ({host: hostNamed('web1'), tasks: [], handlers});

const CHANGING = host([{play: 'web', id: 'reload nginx', command: 'true', because: 'pending'}]);

test('a quiet apply that asks nothing shows a plan only if it has nothing to do', (t) => {
  const quiet = {quiet: true, yes: true};
  t.false(isWorthShowing(planOf(CHANGING), quiet));
  t.true(isWorthShowing(planOf(host([])), quiet));
  t.true(isWorthShowing(planOf(CHANGING), {quiet: true}));
  t.true(isWorthShowing(planOf(CHANGING), {yes: true}));
});

test('with -q a plan shows names, with -vv commands', (t) => {
  t.is(detailOf({quiet: true}), 'brief');
  t.is(detailOf({verbose: 1}), 'diffs');
  t.is(detailOf({verbose: 2}), 'commands');
});
