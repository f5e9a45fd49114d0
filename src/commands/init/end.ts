import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {inventorySchema} from '../../inventory/index.js';
import type {Project} from '../../local/project.js';
import {namesIn} from '../../local/read-file.js';
import type {Stopper} from '../../local/signals.js';
import {type InputError, type StyledText, styled} from '../../model/index.js';
import type {Choices, FileChange, ProjectAbout} from '../../project/index.js';
import {endedLines, pad, widthOf} from '../../renderers/index.js';
import type {Console} from '../../session/console.js';
import {beginEarly} from '../../session/planning-options.js';
import {packageVersion} from '../../session/version.js';
import {readText} from '../../wizard/check-certificate.js';
import type {Prompter} from '../../wizard/index.js';

/** The context of a run of `infra init`. */
export interface InitRun {
  readonly project: Project;
  readonly out: Console;
  /** Undefined: no questions are asked. */
  readonly prompter: Prompter | undefined;
  /** A temporary file with the host keys that are trusted. */
  readonly trusted: string;
  readonly connect: boolean;
  /** The directory has a project already. */
  readonly existing: boolean;
}

/**
 * Shows the files of the project and the next steps, and offers the plan. Returns the exit code. Throws the problem.
 */
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
  // Without samples that were not needed.
  const files = all
    .filter(({kind, before}) => kind !== 'same' || before !== undefined)
    .map(({path}) => ({
      path,
      note: existing ? (states.get(path) ?? 'unchanged') : (states.get(path) ?? 'yours'),
    }));
  const own = filesIn(root, '.infra').filter((file) => file.endsWith('identity.txt'));
  const identity = own.map((file) => ({path: file, note: 'only yours: back it up, never commit it'}));
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
  infra plan     shows as diffs what would change on the servers; it only reads
  infra apply    shows the same, asks, and applies it
  git init && git add . && git commit -m 'Begin'    secrets/ is encrypted
`;

function filesIn(root: string, directory: string): readonly string[] {
  return namesIn(path.join(root, directory)).map((file) => `${directory}/${file}`);
}

/** A file of a tree: its path below the top directory, and a note. */
interface TreeFile {
  readonly path: string;
  readonly note: string;
}

/** Files as a tree, directories first, in ASCII, which every terminal shows. Each line ends with a line break. */
function renderTree(entries: readonly TreeFile[], depth = 1): StyledText {
  const width = Math.max(0, ...entries.map(({path}) => widthOf(indented(path)))) + 2;
  const lines = rows(entries, depth).map(({text, note}) => pad(text, note === '' ? 0 : width) + note);
  return endedLines(lines.map((line) => line.trimEnd()));
}

const indented = (path: string) => {
  const parts = path.split('/');
  return `${'  '.repeat(parts.length)}${parts.at(-1)}`;
};

function rows(entries: readonly TreeFile[], depth: number): readonly {text: string; note: string}[] {
  const margin = '  '.repeat(depth);
  const files = entries.filter(({path}) => !path.includes('/'));
  const directories = new Set(
    entries.filter(({path}) => path.includes('/')).map(({path}) => path.slice(0, path.indexOf('/'))),
  );
  const inside = (directory: string) =>
    entries
      .filter(({path}) => path.startsWith(`${directory}/`))
      .map(({path, note}) => ({path: path.slice(directory.length + 1), note}));
  return [
    ...[...directories]
      .sort()
      .flatMap((directory) => [{text: `${margin}${directory}/`, note: ''}, ...rows(inside(directory), depth + 1)]),
    ...files.map(({path, note}) => ({text: `${margin}${path}`, note})),
  ];
}

/** What the files of a project in the directory `root` need besides the choices. */
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
