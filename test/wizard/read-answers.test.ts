import test from 'ava';
import {InputError} from '../../src/model/index.js';
import {renderAnswers} from '../../src/project/index.js';
import {compileChoices, proposeRoles} from '../../src/wizard/compile-choices.js';
import {parseAnswers} from '../../src/wizard/read-answers.js';

const faults = (text: string) => {
  try {
    parseAnswers(text, 'a.yml');
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(({message, at, hint}) => `${at?.line}:${at?.column} ${message}; ${hint ?? ''}`);
  }
};

test('the answers file of a project is read as the answers that were written', (t) => {
  const servers = proposeRoles([{address: '192.0.2.1', port: 2222}, {address: '2001:db8::2'}]);
  for (const content of [
    {kind: 'directory', directory: '3000'},
    {kind: 'application', port: 3000},
    {kind: 'page'},
  ] as const) {
    const acme = {tls: 'acme', email: 'a@example.org', directory: 'https://acme.example.org/dir'} as const;
    const choices = compileChoices({...acme, content, domain: 'a.example.org', sshFrom: ['192.0.2.0/24']}, servers);
    const answers = parseAnswers(renderAnswers(choices, new Map([['README.md', 'abc']])), 'a.yml');
    t.deepEqual(compileChoices(answers, proposeRoles(answers.servers ?? [])), choices);
  }
});

test('values are the texts of the flags, and servers are texts, mappings or a mapping of these', (t) => {
  const text = `servers: ["lb1=192.0.2.1,balancer", 192.0.2.2]\ncontent: 3000\nvirtualAddress: [192.0.2.9, "2001:db8::9"]\n`;
  t.like(parseAnswers(text, 'a.yml'), {
    content: {kind: 'application', port: 3000},
    virtualAddress: ['192.0.2.9', '2001:db8::9'],
    servers: [{name: 'lb1', roles: ['balancer']}, {address: '192.0.2.2'}],
  });
  const mapping = parseAnswers(
    'servers:\n  lb1: 192.0.2.1\n  app1: {address: 192.0.2.2, roles: [web, primary]}\n',
    'a.yml',
  );
  t.deepEqual(
    mapping.servers?.map(({name}) => name),
    ['lb1', 'app1'],
  );
});

test('every fault has its line and column, and the nearest key', (t) => {
  t.deepEqual(
    faults('domian: x.example.org\nuser: a b\ntls: {kind: fils}\nservers:\n  - {adress: 192.0.2.1}\n  - 300.1.1.1\n'),
    [
      '1:1 there is no question "domian"; Did you mean "domain"?',
      '2:7 "a b" is not a user name; Give a name such as root, deploy or debian.',
      '3:13 "fils" is not one of authority, files, acme; Did you mean "files"?',
      '5:5 this server has no address; Add one: address: 192.0.2.10',
      '5:6 a server has no "adress"; Did you mean "address"?',
      '6:5 "300.1.1.1" is not an IPv4 address; Give four numbers from 0 to 255, such as 192.0.2.10.',
    ],
  );
  t.regex(faults('- a\n')[0] ?? '', /^1:1 an answers file must be a mapping/);
  t.regex(faults('user: {a: b}\n')[0] ?? '', /^1:7 "user" must be text/);
});

test('a file of another machine that a project names need not exist here', (t) => {
  const text = 'tls: {kind: files, certificate: /nowhere/c.pem, key: /nowhere/k.pem}\nidentityFile: /nowhere/id\n';
  t.is(faults(text).length, 3);
  t.like(parseAnswers(text, 'a.yml', true), {tls: 'files', certificate: '/nowhere/c.pem', key: '/nowhere/k.pem'});
});
