import path from 'node:path';
import {namesIn} from '../../local/read-file.js';
import type {Stopper} from '../../local/signals.js';
import {type InputError, styled} from '../../model/index.js';
import type {FileChange} from '../../project/index.js';
import {beginEarly} from '../../session/run-options.js';
import type {InitRun} from './init-run.js';
import {renderTree} from './render-tree.js';

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
