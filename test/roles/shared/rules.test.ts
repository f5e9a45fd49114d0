import test from 'ava';
import {commentOf, rulesBut, withoutRules} from '../../../src/roles/shared/rules.js';

const RULES = ['sysctl.rp_filter', 'sysctl.redirects', 'files.umask', 'banner'].map((name) => ({
  name,
  why: 'why',
  source: 'CIS 1',
}));

const names = (without: readonly string[]) => rulesBut(RULES, without).map(({name}) => name);

test('rules are turned off by name, or with their whole group', (t) => {
  t.deepEqual(
    names([]),
    RULES.map(({name}) => name),
  );
  t.deepEqual(names(['sysctl.redirects']), ['sysctl.rp_filter', 'files.umask', 'banner']);
  t.deepEqual(names(['sysctl', 'banner']), ['files.umask']);
  t.deepEqual(
    names(['sys', 'sysctl.', 'rp_filter']),
    RULES.map(({name}) => name),
    'a part of a name is not a group',
  );
});

test('the option takes names and groups of rules, and nothing when it is left out', (t) => {
  const option = withoutRules(RULES);
  t.deepEqual(option.parse(undefined), []);
  t.deepEqual(option.parse(['sysctl', 'files.umask', 'banner']), ['sysctl', 'files.umask', 'banner']);
  for (const wrong of [['umask'], ['sysctl.rp_filte'], [1], 'banner', [''], null])
    t.false(option.safeParse(wrong).success, String(wrong));
});

test('an unknown rule is reported with the nearest one, or else with all of them', (t) => {
  const issuesOf = (...without: readonly string[]) =>
    withoutRules(RULES)
      .safeParse(without)
      .error?.issues.map((issue) => [issue.message, issue.code === 'custom' ? issue.params?.hint : undefined]);
  const [issue, ...others] = issuesOf('banner', 'sysctl.rp_filtr') ?? [];
  t.deepEqual(others, []);
  t.is(issue?.[0], 'there is no rule "sysctl.rp_filtr"');
  t.regex(String(issue?.[1]), /"sysctl\.rp_filter"/);
  t.deepEqual(issuesOf('quite-another-thing'), [
    [
      'there is no rule "quite-another-thing"',
      'The rules are: sysctl.rp_filter, sysctl.redirects, files.umask, banner.',
    ],
  ]);
});

test('a comment has the reason and the source', (t) => {
  t.is(commentOf({name: 'a.b', why: 'it is so', source: 'CIS 1'}), '# a.b: it is so.\n# Source: CIS 1.\n');
});
