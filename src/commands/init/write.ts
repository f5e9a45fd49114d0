import type {Stopper} from '../../local/signals.js';
import {InputError, styled} from '../../model/index.js';
import {type Choices, compareProject, renderProject, writeProject} from '../../project/index.js';
import {projectAbout} from './about.js';
import {agreeTo} from './agree.js';
import {endInit} from './end.js';
import type {InitRun} from './init-run.js';
import {knownHostsOf} from './known-hosts.js';
import {keepInitSecrets} from './secrets.js';

/** Shows what would change, asks about files of the user's, and writes the rest. Returns the exit code. */
export async function writeChoices(run: InitRun, choices: Choices, stopper: Stopper): Promise<number> {
  const {out} = run;
  const {root} = run.project;
  const files = renderProject(choices, projectAbout(root, choices));
  const {change, notes} = knownHostsOf(root, run.trusted, choices);
  const compared = [...compareProject(root, files), change];
  const changes = compared.filter(({kind}) => kind !== 'same');
  if (changes.length === 0) {
    out.print(styled`Nothing changes: every file is as it would be written now.\n`);
    return 0;
  }
  const agreed = await stopper.race(agreeTo(run, changes));
  if (agreed === undefined) {
    out.notice('Nothing was written.');
    return 0;
  }
  // From here on Ctrl-C waits: all is written, or nothing.
  await writeProject(root, agreed);
  for (const note of notes) out.notice(note);
  const problem = await keepInitSecrets(run, choices).then(() => undefined, expected);
  return endInit(run, stopper, agreed, compared, problem);
}

function expected(error: unknown): InputError {
  if (error instanceof InputError) return error;
  throw error;
}
