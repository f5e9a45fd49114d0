import test from 'ava';
import {parse} from 'yaml';
import {digestOf} from '../../src/project/answers.js';
import {ANSWERS, type Choices, renderProject} from '../../src/project/index.js';
import {ABOUT, allChoices, choices} from './choices.js';

const COMMON = ['README.md', 'playbooks/site.ts', 'package.json', 'tsconfig.json', '.gitignore'];

const jsonOf = (path: string, name = 'shop') => JSON.parse(renderProject(choices(), {...ABOUT, name}).get(path) ?? '');

test('every file has a relative path, ends with a line break, and is the same when it is rendered again', (t) => {
  for (const each of allChoices()) {
    const files = renderProject(each, ABOUT);
    t.deepEqual([...renderProject(each, ABOUT)], [...files]);
    for (const [path, text] of files) {
      t.notRegex(path, /^\/|(^|\/)\.\.?(\/|$)|\/\//);
      t.regex(text, /[^\n]\n$/, path);
    }
    t.deepEqual(
      COMMON.filter((path) => !files.has(path)),
      [],
    );
    t.is([...files.keys()].at(-1), ANSWERS);
  }
});

test('nothing that holds a secret or is learnt from servers is written', (t) => {
  for (const each of allChoices()) {
    const paths = [...renderProject(each, {...ABOUT, certificate: 'PEM\n'}).keys()];
    t.deepEqual(
      paths.filter((path) => /^secrets|known_hosts|\.key$|^\.infra\//.test(path)),
      [],
    );
  }
});

const PAGES: readonly (readonly [content: Choices['content'], page: string | undefined])[] = [
  [{kind: 'page'}, 'templates/nginx/index.html.ejs'],
  [{kind: 'directory', directory: './docs/'}, 'docs/index.html'],
  [{kind: 'directory', directory: 'a/../b'}, 'b/index.html'],
  [{kind: 'application', port: 8080}, undefined],
];

for (const [content, page] of PAGES) {
  test(`the page for ${JSON.stringify(content)} is ${page ?? 'not written'}, and names its own path`, (t) => {
    const files = renderProject(choices({content}), ABOUT);
    const pages = [...files.keys()].filter((path) => path.includes('index.html'));
    t.deepEqual(pages, page === undefined ? [] : [page]);
    if (page !== undefined) t.true(files.get(page)?.includes(page));
  });
}

test('the certificate is written as it was given, with TLS from files only', (t) => {
  const tls = {kind: 'files', certificate: '/etc/ssl/a.pem', key: '/etc/ssl/a.key'} as const;
  const about = {...ABOUT, certificate: 'PEM of the site\n'};
  t.is(renderProject(choices({tls}), about).get('tls/site.pem'), 'PEM of the site\n');
  t.false(renderProject(choices({tls}), ABOUT).has('tls/site.pem'));
  t.false(renderProject(choices(), about).has('tls/site.pem'));
});

test('the recorded digests are those of the texts', (t) => {
  const files = renderProject(choices(), ABOUT);
  const {written} = parse(files.get(ANSWERS) ?? '');
  for (const [path, digest] of Object.entries(written)) t.is(digest, digestOf(files.get(path) ?? ''), path);
  t.is(digestOf(''), 'e3b0c44298fc1c14');
});

test('package.json is private, needs the Node of infra, and names the two packages as they were given', (t) => {
  const manifest = jsonOf('package.json');
  t.deepEqual(manifest.devDependencies, {infra: 'file:/opt/infra', typescript: '7.0.2'});
  t.deepEqual([manifest.private, manifest.type, manifest.engines], [true, 'module', {node: '>=20.19'}]);
  t.deepEqual(Object.keys(manifest.scripts), ['plan', 'apply', 'check']);
});

const PACKAGE_NAMES: readonly (readonly [name: string, expected: string])[] = [
  ['shop', 'shop'],
  ['Shop_2.0', 'shop_2.0'],
  ['  a  b  ', 'a-b'],
  ['_private.', 'private'],
  ['infra', 'infra-project'],
  ['INFRA', 'infra-project'],
  ['infra2', 'infra2'],
  ['', 'infra-project'],
  ['x'.repeat(214), 'x'.repeat(100)],
];

for (const [name, expected] of PACKAGE_NAMES) {
  test(`a project named "${name.slice(0, 20)}" is the package ${expected.slice(0, 20)}`, (t) => {
    t.is(jsonOf('package.json', name).name, expected);
  });
}

test('editors check playbooks strictly, and nothing else of the project', (t) => {
  const {compilerOptions, include} = jsonOf('tsconfig.json');
  t.deepEqual([compilerOptions.strict, compilerOptions.noEmit, include], [true, true, ['playbooks']]);
});

test('Git ignores identities, saved plans and what reports leave, and not the encrypted secrets', (t) => {
  const lines = (renderProject(choices(), ABOUT).get('.gitignore') ?? '').split('\n');
  for (const pattern of ['node_modules/', '.infra/', '*.plan', 'comment.md', 'infra-report-*.html'])
    t.true(lines.includes(pattern), pattern);
  t.false(lines.some((line) => /^\/?secrets/.test(line)));
});
