import test, {type ExecutionContext} from 'ava';
import {chooseUnasked, refuseWithoutTerminal} from '../../../src/commands/init/choose-unasked.js';
import type {Answers} from '../../../src/wizard/index.js';
import {faultsOf} from '../../secrets/project.js';
import {surveying} from '../../wizard/scripted.js';

const SERVERS = [{address: '192.0.2.1'}, {address: '192.0.2.2'}, {address: '192.0.2.3'}];

/** The choices from these answers, with what was noticed and done. */
async function choose(answers: Answers, conduct?: Parameters<typeof surveying>[0], existing = false) {
  const notices: string[] = [];
  const {background, log} = surveying(conduct);
  const notice = (text: string) => void notices.push(text);
  const choices = await chooseUnasked(answers, {background, connect: conduct !== undefined, existing, notice});
  return {choices, notices, log};
}

const messages = async (t: ExecutionContext, ...args: Parameters<typeof choose>) =>
  (await faultsOf(t, () => choose(...args))).map(({message, hint}) => `${message} | ${hint}`);

test('addresses are enough: everything else has its default', async (t) => {
  const {choices, log} = await choose({servers: SERVERS});
  t.like(choices, {user: 'root', domain: 'www.example.test', database: 'mariadb', sshFrom: [], virtualAddress: []});
  t.deepEqual([choices.tls, choices.content], [{kind: 'authority'}, {kind: 'page'}]);
  t.deepEqual(
    choices.servers.map(({name}) => name),
    ['lb1', 'app1', 'app2'],
  );
  t.deepEqual(log, []);
});

const HINT = 'Give the addresses of two or more: infra init 192.0.2.10 192.0.2.11 192.0.2.12 --yes';

test('without two servers there is no site', async (t) => {
  t.deepEqual(await messages(t, {}), [`there are no servers | ${HINT}`]);
  t.deepEqual(await messages(t, {servers: SERVERS.slice(1, 2)}), [`one server is not enough for a site | ${HINT}`]);
});

test('answers without a default are all asked for at once, by their flags', async (t) => {
  const servers = [...SERVERS, {address: '192.0.2.4'}];
  t.deepEqual(await messages(t, {servers, tls: 'files'}), [
    '--virtual-address <address> is missing | free address that two balancers share; IPv4 and IPv6 may have one each: A,B',
    '--certificate <file> is missing | with --tls files: the certificate and its chain, PEM',
    '--key <file> is missing | with --tls files: its private key, PEM; kept encrypted among the secrets',
  ]);
  t.deepEqual(await messages(t, {servers: SERVERS, tls: 'acme'}), [
    '--email <address> is missing | with --tls acme: address that the authority writes to',
  ]);
});

test('answers that do not go together are refused before anything is connected to', async (t) => {
  const [fault, ...others] = await messages(t, {servers: SERVERS, domain: 'https://x'}, {'192.0.2.1': 'silent'});
  t.regex(fault ?? '', /^"https:\/\/x" is not a domain \| /);
  t.deepEqual(others, []);
});

test('a server that joins a project is a web server; for a new project, the roles follow from the number', async (t) => {
  const own = [
    {name: 'lb1', address: '192.0.2.1', roles: ['balancer' as const]},
    {name: 'app1', address: '192.0.2.2', roles: ['web' as const, 'primary' as const]},
    {name: 'app2', address: '192.0.2.3', roles: ['web' as const, 'replica' as const]},
  ];
  const answers = {servers: [...own, {address: '192.0.2.4'}], virtualAddress: ['192.0.2.100']};
  const joined = await choose({...answers, virtualAddress: []}, undefined, true);
  t.deepEqual(joined.choices.servers[3], {name: 'web1', address: '192.0.2.4', roles: ['web']});
  const {choices} = await choose(answers);
  t.deepEqual(choices.servers[3], {name: 'lb2', address: '192.0.2.4', roles: ['balancer']});
});

test('every server is surveyed with the login, and those that fail are all reported', async (t) => {
  const {log} = await choose({servers: SERVERS, user: 'ada', identityFile: '/k'}, {});
  t.deepEqual(log.filter((line) => line.startsWith('ada@')).sort(), [
    'ada@192.0.2.1:22 /k',
    'ada@192.0.2.2:22 /k',
    'ada@192.0.2.3:22 /k',
  ]);
  const unseen = 'To write the project without connecting to servers: --no-connect';
  t.deepEqual(await messages(t, {servers: SERVERS}, {'192.0.2.1': 'silent', '192.0.2.3': 'denied'}), [
    `lb1 (192.0.2.1): 192.0.2.1 is silent | ${unseen}`,
    `app2 (192.0.2.3): the login was refused | Check the key.\n${unseen}`,
  ]);
});

test('unknown host keys are listed with the flags that confirm them, and no server with one is logged in to', async (t) => {
  const [fault] = await messages(t, {servers: SERVERS}, {'192.0.2.2': 'unknown key'});
  t.is(
    fault,
    `this machine does not know the host keys of
  app1  192.0.2.2  ssh-ed25519  SHA256:abc | Compare them on the servers' consoles (ssh-keygen -lf \
/etc/ssh/ssh_host_ed25519_key.pub), then add:
  --host-key SHA256:abc`,
  );
});

test('without a terminal, the open questions are named with their flags', async (t) => {
  const hint = 'Answer with flags or with --answers FILE, and add --yes to take the defaults for the rest.';
  const answers: Answers = {
    ...{servers: SERVERS, user: 'root', identityFile: '', domain: 'a.example.org', tls: 'authority'},
    ...{database: 'mysql', writes: 'asynchronous', backups: 'servers', content: {kind: 'page'}},
  };
  t.deepEqual(await faultsOf(t, () => refuseWithoutTerminal(answers)), [
    {message: 'there is no terminal to ask on. Open questions: --ssh-from <networks>.', hint},
  ]);
  t.deepEqual(await faultsOf(t, () => refuseWithoutTerminal({...answers, sshFrom: []})), [
    {message: 'there is no terminal to ask on.', hint},
  ]);
  const [fault] = await faultsOf(t, () => refuseWithoutTerminal({}));
  t.regex(fault?.message ?? '', /Open questions: the addresses of your servers, --user <name>, /);
});
