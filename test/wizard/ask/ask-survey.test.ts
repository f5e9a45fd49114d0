import test from 'ava';
import type {ServerChoice} from '../../../src/project/choices.js';
import {askFailures, askHostKeys, remedied} from '../../../src/wizard/ask/ask-survey.js';
import {serversLike} from '../../project/choices.js';
import {scripted, surveying} from '../scripted.js';

const S1: ServerChoice = {name: 's1', address: '192.0.2.1', roles: ['balancer']};
const S2: ServerChoice = {name: 's2', address: '192.0.2.2', roles: ['web', 'primary']};
const SERVERS = serversLike('b', 'wp');

/** A survey that was started for all servers, with a login. */
function started(conduct: Parameters<typeof surveying>[0]) {
  const {background, log} = surveying(conduct);
  background.login({user: 'root', identityFile: ''});
  for (const each of SERVERS) background.start(each);
  const states = () => SERVERS.map((each) => background.state(each)?.phase);
  return {background, log, states};
}

const UNKNOWN = {'192.0.2.1': 'unknown key', '192.0.2.2': 'unknown key'} as const;

const SILENT = {'192.0.2.1': 'silent', '192.0.2.2': 'silent'} as const;

const forever = new Promise<never>(() => {});

test('keys that are known are not asked about', async (t) => {
  const {background, states} = started({});
  const talk = scripted([]);
  await askHostKeys(talk.prompter, background, SERVERS, forever);
  t.deepEqual([states(), talk.said()], [['surveyed', 'surveyed'], '']);
});

test('unknown keys are shown with their fingerprints and the command to compare, and all can be confirmed', async (t) => {
  const {background, log, states} = started(UNKNOWN);
  const talk = scripted([true]);
  await askHostKeys(talk.prompter, background, SERVERS, forever);
  await background.settled(SERVERS);
  t.deepEqual(states(), ['surveyed', 'surveyed']);
  t.deepEqual(log.slice(0, 2), ['trust 192.0.2.1', 'trust 192.0.2.2']);
  t.is(talk.asked.at(-1), 'Are they all the same?');
  t.true(talk.said().includes('  ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\n'));
  t.true(talk.said().includes('  s1  192.0.2.1  ED25519\n    SHA256:abc\n'));
});

test('when not all are the same, each is asked about, and the others are neither trusted nor connected to', async (t) => {
  const {background, log, states} = started(UNKNOWN);
  const talk = scripted([false, false, true]);
  await askHostKeys(talk.prompter, background, SERVERS, forever);
  await background.settled(SERVERS);
  t.deepEqual(states(), ['skipped', 'surveyed']);
  t.deepEqual(log, ['trust 192.0.2.2', 'root@192.0.2.2:22']);
  t.true(talk.said().endsWith('Not connected to: s1. A later infra init shows the fingerprint again.'));
});

test('a single key is asked about once', async (t) => {
  const {background, states} = started({'192.0.2.1': 'unknown key'});
  const talk = scripted([false]);
  await askHostKeys(talk.prompter, background, SERVERS, forever);
  t.deepEqual([states(), talk.asked.at(-1), talk.left()], [['skipped', 'surveyed'], 'Is it the same?', 0]);
});

test('a server that shows no key in time is left for later', async (t) => {
  const {background, states} = started(UNKNOWN);
  const talk = scripted([]);
  await askHostKeys(talk.prompter, background, SERVERS, Promise.resolve());
  t.deepEqual([talk.asked, states()], [['Fetching host keys: s1, s2'], ['scanning', 'scanning']]);
  await background.settled(SERVERS);
});

test('without a failure nothing is asked', async (t) => {
  const {background} = started({});
  const talk = scripted([]);
  t.deepEqual(await askFailures(talk.prompter, background, SERVERS), {type: 'none'});
  t.is(talk.said(), '');
});

test('a failure is shown with its reason, and trying again starts only what failed', async (t) => {
  const {background, log} = started({'192.0.2.2': 'silent'});
  const talk = scripted(['']);
  t.deepEqual(await askFailures(talk.prompter, background, SERVERS), {type: 'again'});
  t.is(talk.said(), '- s2 (192.0.2.2): 192.0.2.2 is silent');
  t.is(talk.asked.at(-1), 's2: what now? [try again]');
  t.is(background.state(S2)?.phase, 'scanning');
  await background.settled(SERVERS);
  t.deepEqual(
    log.filter((line) => line.startsWith('root@')),
    ['root@192.0.2.1:22'],
  );
});

test('a refused login suggests another one', async (t) => {
  const {background} = started({'192.0.2.1': 'denied', '192.0.2.2': 'silent'});
  const talk = scripted(['']);
  t.deepEqual(await askFailures(talk.prompter, background, SERVERS), {type: 'login'});
  t.is(talk.asked.at(-1), 's1, s2: what now? [change the login]');
  t.true(talk.said().includes('- s1 (192.0.2.1): the login was refused\n    Check the key.'));
});

test('the user can continue without the servers that failed', async (t) => {
  const {background, states} = started(SILENT);
  t.deepEqual(await askFailures(scripted(['continue without them']).prompter, background, SERVERS), {type: 'none'});
  t.deepEqual(states(), ['skipped', 'skipped']);
});

test('a server that failed can be moved or left out; of several, the user says which', async (t) => {
  const move = scripted(['another address', 's2', '192.0.2.9:2222']);
  const moved = await askFailures(move.prompter, started(SILENT).background, SERVERS);
  t.like(moved, {type: 'move', server: S2, to: {address: '192.0.2.9', port: 2222}});
  t.is(move.asked.at(-1), 'Address of s2 [192.0.2.2]');
  const {background} = started({'192.0.2.1': 'silent'});
  t.deepEqual(await askFailures(scripted(['leave it out']).prompter, background, SERVERS), {type: 'drop', server: S1});
});

test('a remedy changes the server that it is for, and no other', (t) => {
  const answers = {user: 'root', servers: SERVERS.map((each) => ({...each, privateAddress: '10.0.0.1'}))};
  t.is(remedied(answers, {type: 'again'}), answers);
  t.deepEqual(remedied(answers, {type: 'drop', server: S1}), {user: 'root', servers: answers.servers.slice(1)});
  const to = {address: '192.0.2.9', port: 2222, user: 'ada', name: 'other'};
  t.deepEqual(remedied(answers, {type: 'move', server: S1, to}).servers, [
    {...S1, address: '192.0.2.9', port: 2222, privateAddress: undefined},
    ...answers.servers.slice(1),
  ]);
});
