import test from 'ava';
import {parse} from 'yaml';
import {ANSWERS, renderAnswers, renderProject} from '../../src/project/index.js';
import {compileChoices, parseAnswers} from '../../src/wizard/index.js';
import {ABOUT, allChoices, choices, serversLike} from './choices.js';

test('the answers file holds the choices, in the order and under the names of their type', (t) => {
  for (const each of allChoices()) t.deepEqual(parse(renderAnswers(each)), JSON.parse(JSON.stringify(each)));
});

test('an answers file is parsed as the same answers', (t) => {
  for (const each of allChoices()) {
    const answers = parseAnswers(renderAnswers(each), ANSWERS, true);
    t.deepEqual(compileChoices(answers, each.servers), {...each, identityFile: undefined});
    t.deepEqual(answers.servers, each.servers);
  }
});

test('a server is parsed with everything that was written about it', (t) => {
  const [first, ...others] = serversLike('b', 'wp');
  const servers = [{...first, ...OWN, roles: ['balancer' as const]}, ...others];
  t.deepEqual(parseAnswers(renderAnswers(choices({servers})), ANSWERS, true).servers, servers);
});

const OWN = {name: 'edge', address: '192.0.2.9', port: 2222, privateAddress: '10.0.0.9'};

test('texts survive in it whatever characters they have', (t) => {
  const hostile = [`a: #b`, `- 'c'`, '"', '~', 'null', '0x1f', '*a', '{x}', '日本', '!tag', '%', '@', '\\n'];
  for (const identityFile of hostile) t.is(parse(renderAnswers(choices({identityFile}))).identityFile, identityFile);
});

test('it has a digest of every file that infra may write again, and none of samples and certificates', (t) => {
  const own = choices({
    content: {kind: 'directory', directory: './site/'},
    tls: {kind: 'files', certificate: '/etc/ssl/site.pem', key: '/etc/ssl/site.key'},
  });
  const files = renderProject(own, {...ABOUT, certificate: 'PEM\n'});
  const {written} = parse(files.get(ANSWERS) ?? '');
  const theirs = ['site/index.html', 'tls/site.pem', ANSWERS];
  t.deepEqual(
    Object.keys(written),
    [...files.keys()].filter((path) => !theirs.includes(path)),
  );
  t.true(theirs.every((path) => files.has(path)));
  t.true(Object.values(written).every((digest) => /^[0-9a-f]{16}$/.test(String(digest))));
});
