import test from 'ava';
import type {ServerChoice} from '../../src/project/choices.js';
import type {BackgroundSurvey, SurveyState} from '../../src/wizard/background-survey.js';
import {QUESTIONS} from '../../src/wizard/questions.js';
import {
  hintLines,
  LABELS,
  renderFault,
  renderObstacles,
  renderReview,
  renderRoles,
  renderStates,
  rolesOf,
  surveysOf,
} from '../../src/wizard/review.js';
import {choices, serversLike} from '../project/choices.js';
import {foundAt, KEY, scripted} from './scripted.js';

const {signs} = scripted([]).prompter;

/** A survey in which servers have these states, by their addresses. */
function states(known: Readonly<Record<string, SurveyState>>): BackgroundSurvey {
  const unused = () => {
    throw new Error('only states are read here');
  };
  const state: BackgroundSurvey['state'] = ({address}) => known[address];
  return {start: unused, login: unused, confirm: unused, skip: unused, settled: unused, stop: unused, state};
}

test('servers are listed in columns, with the port where it is not 22', (t) => {
  const servers: readonly ServerChoice[] = [
    {name: 'lb1', address: '192.0.2.1', roles: ['balancer']},
    {name: 'database', address: '2001:DB8::2', port: 2222, roles: ['web', 'primary']},
    {name: '日本', address: 'x.example.org', port: 22, roles: []},
  ];
  t.is(
    String(renderRoles(servers)),
    `  lb1       192.0.2.1              balancer
  database  2001:db8::2 port 2222  web, primary
  日本      x.example.org          (nothing)`,
  );
  t.is(String(renderRoles([])), '');
});

test('control characters in a name are made visible, and count in its column', (t) => {
  const text = String(renderRoles([{name: 'a\u001bb', address: '192.0.2.1', roles: []}]));
  t.false(text.includes('\u001b'));
  t.regex(text, /^ {2}a\S+b {2}192\.0\.2\.1 {2}\(nothing\)$/);
});

test('roles are listed with commas', (t) => {
  t.is(rolesOf({name: 'a', address: '', roles: ['web', 'replica']}), 'web, replica');
});

const failed = (reason: 'unreachable' | 'become-failed' | 'host-key-changed' | 'locked'): SurveyState => ({
  phase: 'failed',
  failure: {reason, message: 'x'},
});

function onSystem(os: 'debian' | 'ubuntu', version: string, codename: string): SurveyState {
  const survey = foundAt('192.0.2.1');
  return {phase: 'surveyed', survey: {...survey, facts: {...survey.facts, os, version, codename}}};
}

const STATES: readonly (readonly [state: SurveyState | undefined, text: string])[] = [
  [undefined, 'waiting'],
  [{phase: 'scanning'}, 'connecting...'],
  [{phase: 'connecting'}, 'connecting...'],
  [{phase: 'confirmed'}, 'waiting'],
  [{phase: 'unconfirmed', keys: [KEY]}, 'new host key'],
  [{phase: 'skipped'}, 'skipped'],
  [failed('unreachable'), '- does not answer'],
  [failed('become-failed'), '- sudo refused'],
  [failed('host-key-changed'), '- host key changed'],
  [failed('locked'), '- no answer'],
  [onSystem('ubuntu', '24.04', 'noble'), '+ Ubuntu 24.04'],
  [onSystem('debian', '', 'sid'), '+ Debian sid'],
];

for (const [state, text] of STATES) {
  test(`the state of a server is "${text}" in the phase ${state?.phase}`, (t) => {
    const background = states(state === undefined ? {} : {'192.0.2.1': state});
    t.is(renderStates(serversLike('b'), background, signs), `s1 ${text}`);
  });
}

test('the states of several servers are on one line, with a dot between them', (t) => {
  t.is(renderStates(serversLike('b', 'wp'), states({}), signs), 's1 waiting . s2 waiting');
  t.is(renderStates([], states({}), signs), '');
});

test('only servers that were surveyed have a survey', (t) => {
  const survey = foundAt('192.0.2.2');
  const background = states({'192.0.2.1': {phase: 'skipped'}, '192.0.2.2': {phase: 'surveyed', survey}});
  t.deepEqual([...surveysOf(choices(), background)], [['s2', survey]]);
});

test('a fault ends with a period, and its next step is below it, line by line', (t) => {
  const fault = {message: 'it is wrong', hint: 'Run:\n  sudo x'};
  t.is(String(renderFault(fault, '-')), '- it is wrong.\n    Run:\n      sudo x');
  t.is(String(renderFault({message: 'Is it wrong?'}, '!')), '! Is it wrong?');
  t.deepEqual(hintLines('a\n\nb').map(String), ['    a', '    ', '    b']);
});

test('every answer to a question has a label that fits into its column', (t) => {
  for (const {name} of QUESTIONS) t.regex(LABELS[name] ?? '', /^.{3,15}$/, name);
});

test('the review has the servers, and the answer to each question that was asked, in one column', (t) => {
  const answers = {user: 'deploy', identityFile: '', domain: 'www.example.org', tls: 'authority', sshFrom: []} as const;
  t.deepEqual(String(renderReview(answers, choices())).split('\n'), [
    '  s1  192.0.2.1  balancer',
    '  s2  192.0.2.2  web, primary',
    '  s3  192.0.2.3  web, replica',
    '',
    '  log in as        deploy',
    '  SSH key          from the agent, or the usual files',
    '  public name      www.example.org',
    '  certificate      authority',
    '  database         ',
    '    writes         ',
    '    backups        ',
    '  content          ',
    '  SSH from         anywhere',
  ]);
});

test('a fault blocks writing, and what was found on a server only warns', (t) => {
  const all = choices();
  const wrong = renderObstacles({...all, domain: '-'}, states({}), signs);
  t.deepEqual([wrong.blocked, wrong.lines.length], [true, 1]);
  t.regex(String(wrong.lines[0]), /^- "-" is not a domain\.\n {4}Give a name such as/);
  const survey = {...foundAt('192.0.2.2'), clockSkew: 3600};
  const late = renderObstacles(all, states({'192.0.2.2': {phase: 'surveyed', survey}}), signs);
  t.deepEqual([late.blocked, late.lines.length], [false, 1]);
  t.regex(String(late.lines[0]), /^! .*s2.*\.\n {4}/s);
  t.deepEqual(renderObstacles(all, states({}), signs), {lines: [], blocked: false});
});
