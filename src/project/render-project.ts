import {posix} from 'node:path';
import {ANSWERS, digestOf, renderAnswers} from './answers.js';
import type {Choices, ProjectAbout} from './choices.js';
import {inventoryFiles} from './inventory.js';
import {renderPlaybook} from './playbook.js';
import {renderReadme, renderWorkflow} from './prose.js';
import {renderText} from './render-text.js';

/**
 * Every file of a project by its path; the same for the same choices, which must have no faults.
 * `inventory/known_hosts` and `secrets/` are not among them; with TLS from files, the playbook needs the secret
 * `tls/site`, which is the key.
 */
export function renderProject(choices: Choices, about: ProjectAbout): ReadonlyMap<string, string> {
  const own = new Map([
    ['README.md', renderReadme(choices, about)],
    ...inventoryFiles(choices, about.schema),
    ['playbooks/site.ts', renderPlaybook(choices)],
    ...(choices.content.kind === 'page' ? [[PAGE, renderText('index.html', {path: PAGE})] as const] : []),
    ['package.json', renderManifest(about)],
    ['tsconfig.json', renderTsconfig()],
    ['.gitignore', IGNORED],
    ['.github/workflows/plan.yml', renderWorkflow(choices)],
  ]);
  const written = new Map([...own].map(([path, text]) => [path, digestOf(text)]));
  return new Map([...own, ...given(choices, about), [ANSWERS, renderAnswers(choices, written)]]);
}

const PAGE = 'templates/nginx/index.html.ejs';

/** Files that are the user's from the start: they are not recorded as infra's. */
function given({content, tls}: Choices, {certificate}: ProjectAbout): readonly (readonly [string, string])[] {
  const sample = content.kind === 'directory' ? posix.join(content.directory, 'index.html') : undefined;
  return [
    ...(sample === undefined ? [] : [[sample, renderText('index.html', {path: sample})] as const]),
    ...(tls.kind === 'files' && certificate !== undefined ? [['tls/site.pem', certificate] as const] : []),
  ];
}

const IGNORED = `node_modules/
# The age identity that opens secrets/, and records of runs. Commit secrets/ itself: it is encrypted.
.infra/
# Saved plans
*.plan
comment.md
infra-report-*.html
`;

/** `package.json`: the packages that `npm install` installs, and three scripts. */
function renderManifest({name, infra, typescript}: ProjectAbout): string {
  return renderJson({
    name: packageName(name),
    private: true,
    type: 'module',
    engines: {node: '>=20.19'},
    scripts: {plan: 'infra plan', apply: 'infra apply', check: 'tsc --noEmit'},
    devDependencies: {infra, typescript},
  });
}

/** `tsconfig.json`: the rules that infra checks playbooks with, for editors. */
function renderTsconfig(): string {
  return renderJson({
    compilerOptions: {
      strict: true,
      target: 'es2023',
      module: 'esnext',
      moduleResolution: 'bundler',
      allowImportingTsExtensions: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
      // Where npm puts the dependencies of infra: next to it, or in its own directory.
      typeRoots: ['node_modules/@types', 'node_modules/infra/node_modules/@types'],
    },
    include: ['playbooks'],
  });
}

const renderJson = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;

/** npm accepts lower case, digits, "-", "_" and "."; a name must not begin with one of the last two. */
function packageName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return plain === '' || plain === 'infra' || plain === 'node_modules' ? 'infra-project' : plain.slice(0, 100);
}
