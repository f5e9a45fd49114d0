import {posix} from 'node:path';
import type {ProjectAbout} from './about.js';
import {ANSWERS, digestOf, renderAnswers} from './answers.js';
import type {Choices} from './choices.js';
import {inventoryFiles} from './inventory.js';
import {renderManifest, renderTsconfig} from './manifest.js';
import {renderPlaybook} from './playbook.js';
import {renderReadme, renderWorkflow} from './prose.js';
import {renderText} from './render-text.js';

/**
 * Every file of a project, by its path; the same for the same choices. Take only choices without faults. Not among them
 * are `inventory/known_hosts` and `secrets/`; the playbook asks for the secret `tls/site`, the key, with TLS by files.
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

/** What is the user's from the first: it is not remembered as infra's. */
function given({content, tls}: Choices, {certificate}: ProjectAbout): readonly (readonly [string, string])[] {
  const sample = content.kind === 'directory' ? posix.join(content.directory, 'index.html') : undefined;
  return [
    ...(sample === undefined ? [] : [[sample, renderText('index.html', {path: sample})] as const]),
    ...(tls.kind === 'files' && certificate !== undefined ? [['tls/site.pem', certificate] as const] : []),
  ];
}

const IGNORED = `node_modules/
# The age identity that opens secrets/, and records of runs. secrets/ itself belongs into Git: it is encrypted.
.infra/
# Saved plans
*.plan
comment.md
infra-report-*.html
`;
