import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {inventorySchema} from '../../inventory/index.js';
import type {Project} from '../../local/project.js';
import {namesIn} from '../../local/read-file.js';
import type {Stopper} from '../../local/stopper.js';
import {type InputError, type StyledText, styled} from '../../model/index.js';
import type {Choices, FileChange, ProjectAbout} from '../../project/index.js';
import {endedLines, pad, widthOf} from '../../renderers/index.js';
import type {Console} from '../../session/console.js';
import {beginEarly} from '../../session/playbook-options.js';
import {packageVersion} from '../../session/version.js';
import {readText} from '../../wizard/check-certificate.js';
import type {Prompter} from '../../wizard/index.js';

/** What a run of `infra init` has besides its answers. */
export interface InitRun {
  readonly project: Project;
  readonly out: Console;
  /** Undefined: nobody is asked. */
  readonly prompter: Prompter | undefined;
  /** A file of this run's own, with the host keys that are trusted. */
  readonly trusted: string;
  readonly connect: boolean;
  /** The directory has a project of infra's. */
  readonly existing: boolean;
}

/** Shows what there is now and what to do with it, and offers the plan. Returns the exit code. Throws the problem. */
export async function endInit(
  {project, out, prompter, existing}: InitRun,
  stopper: Stopper,
  written: readonly FileChange[],
  all: readonly FileChange[],
  problem: InputError | undefined,
): Promise<number> {
  const {root} = project;
  const secrets = filesIn(root, 'secrets').map((file) => ({
    path: file,
    note: file.endsWith('.age.yaml') ? 'encrypted' : '',
  }));
  const states = new Map(written.map(({path, kind}) => [path, kind === 'new' ? '' : 'changed']));
  // A sample that nobody needs is not there.
  const files = all
    .filter(({kind, before}) => kind !== 'same' || before !== undefined)
    .map(({path}) => ({
      path,
      note: existing ? (states.get(path) ?? 'as it was') : (states.get(path) ?? 'yours'),
    }));
  const own = filesIn(root, '.infra').filter((file) => file.endsWith('identity.txt'));
  const identity = own.map((file) => ({path: file, note: 'yours alone: back it up, never commit it'}));
  out.print(styled`\n${path.basename(root)}/\n${renderTree([...files, ...secrets, ...identity])}\n`);
  if (problem) throw problem;
  out.print(NEXT);
  if (!prompter || !(await stopper.race(prompter.confirm('Make the plan now? It only reads.', true)))) return 0;
  stopper.release();
  const options = {playbook: 'playbooks/site.ts'};
  const [{plan}, early] = await Promise.all([import('../plan/run.js'), beginEarly(project, options)]);
  return plan(project, options, false, early);
}

const NEXT = styled`Next:
  infra plan     what would change on the servers, as diffs; it only reads
  infra apply    shows the same, asks, and does it
  git init && git add . && git commit -m 'Begin'    secrets/ is encrypted
`;

function filesIn(root: string, directory: string): readonly string[] {
  return namesIn(path.join(root, directory)).map((file) => `${directory}/${file}`);
}

/** A file by its path below one directory, and a word on it. */
interface Leaf {
  readonly path: string;
  readonly note: string;
}

/** Files as a tree, directories first; ASCII, as every terminal shows it. Each line ends with a line break. */
function renderTree(leaves: readonly Leaf[], depth = 1): StyledText {
  const width = Math.max(0, ...leaves.map(({path}) => widthOf(indented(path)))) + 2;
  const lines = rows(leaves, depth).map(({text, note}) => pad(text, note === '' ? 0 : width) + note);
  return endedLines(lines.map((line) => line.trimEnd()));
}

const indented = (path: string) => {
  const parts = path.split('/');
  return `${'  '.repeat(parts.length)}${parts.at(-1)}`;
};

function rows(leaves: readonly Leaf[], depth: number): readonly {text: string; note: string}[] {
  const margin = '  '.repeat(depth);
  const files = leaves.filter(({path}) => !path.includes('/'));
  const directories = new Set(
    leaves.filter(({path}) => path.includes('/')).map(({path}) => path.slice(0, path.indexOf('/'))),
  );
  const inside = (directory: string) =>
    leaves
      .filter(({path}) => path.startsWith(`${directory}/`))
      .map(({path, note}) => ({path: path.slice(directory.length + 1), note}));
  return [
    ...[...directories]
      .sort()
      .flatMap((directory) => [{text: `${margin}${directory}/`, note: ''}, ...rows(inside(directory), depth + 1)]),
    ...files.map(({path, note}) => ({text: `${margin}${path}`, note})),
  ];
}

/** What a project in the directory `root` is told beside the choices. */
export function projectAbout(root: string, {tls}: Choices): ProjectAbout {
  const own = fileURLToPath(new URL('../../../..', import.meta.url));
  const certificate = tls.kind === 'files' ? readText(tls.certificate) : undefined;
  return {
    name: path.basename(root),
    infra: own.includes(`${path.sep}node_modules${path.sep}`) ? packageVersion() : `file:${path.resolve(own)}`,
    typescript: compilerVersion(own),
    schema: `${JSON.stringify(inventorySchema(), undefined, 2)}\n`,
    certificate,
  };
}

function compilerVersion(own: string): string {
  // The package's own file, which names its dependencies.
  const manifest = JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8')) as {
    dependencies: {typescript: string};
  };
  return manifest.dependencies.typescript;
}
