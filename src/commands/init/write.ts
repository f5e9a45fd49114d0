import {describeFile} from '../../diff/index.js';
import type {Project} from '../../local/project.js';
import type {Stopper} from '../../local/signals.js';
import {InputError, joined, type StyledText, styled} from '../../model/index.js';
import {
  ANSWERS,
  type Choices,
  compareProject,
  type FileChange,
  renderProject,
  writeProject,
} from '../../project/index.js';
import {renderDiff} from '../../renderers/index.js';
import {openStore, PASSWORDS} from '../../secrets/index.js';
import {noHeadStart} from '../../session/head-start.js';
import {planDigest} from '../../session/saved-plan/saved-plan.js';
import {loadSession} from '../../session/session.js';
import {readText} from '../../wizard/check-certificate.js';
import type {Prompter} from '../../wizard/index.js';
import {wrapLines} from '../../wizard/terminal/terminal-prompter.js';
import {endInit, type InitRun, projectAbout} from './end.js';
import {knownHostsOf} from './known-hosts.js';

/** Shows what would change, asks about files that the user edited, and writes the rest. Returns the exit code. */
export async function writeChoices(run: InitRun, choices: Choices, stopper: Stopper): Promise<number> {
  const {out} = run;
  const {root} = run.project;
  const files = renderProject(choices, projectAbout(root, choices));
  const {change, notes} = knownHostsOf(root, run.trusted, choices);
  const compared = [...compareProject(root, files), change];
  const changes = compared.filter(({kind}) => kind !== 'same');
  if (changes.length === 0) {
    out.print(styled`Nothing changes: every file is up to date.\n`);
    return 0;
  }
  const agreed = await stopper.race(agreeTo(run, changes));
  if (agreed === undefined) {
    out.notice('Nothing was written.');
    return 0;
  }
  // From here on Ctrl-C waits: either all files are written or none.
  await writeProject(root, agreed);
  for (const note of notes) out.notice(note);
  const problem = await keepInitSecrets(run, choices).then(() => undefined, expected);
  return endInit(run, stopper, agreed, compared, problem);
}

function expected(error: unknown): InputError {
  if (error instanceof InputError) return error;
  throw error;
}

/**
 * Makes what the new playbook asks for and the project lacks: an identity, passwords, the authority, and the key of
 * plans, so that a colleague or a machine that plans it later has nothing to write. Also checks the playbook's types.
 * Rejects with `InputError`.
 */
async function keepInitSecrets({project, out, prompter}: InitRun, {tls}: Choices): Promise<void> {
  const work = async () => {
    if (tls.kind === 'files') await keepKey(project, out.notice, tls.key);
    const session = await loadSession(
      project,
      {playbook: 'playbooks/site.ts', inventory: 'inventory/hosts.yml'},
      out,
      noHeadStart(project),
    );
    await planDigest(session.secrets);
  };
  const message = 'Making secrets and checking the playbook...';
  await (prompter ? prompter.wait(() => message, work()) : work());
}

async function keepKey(project: Project, notice: (text: string) => void, file: string): Promise<void> {
  const key = readText(file);
  if (key === undefined) return;
  const store = openStore(project, notice);
  await store.edit(PASSWORDS, async () => {
    const sealed = store.sealed(PASSWORDS).get(KEY);
    const same = sealed !== undefined && (await store.open(KEY, sealed)) === key;
    return new Map(same ? [] : [[KEY, key]]);
  });
}

/** The secret that the playbook reads the certificate's key from. */
const KEY = 'tls/site';

/**
 * Shows the changes and returns those to make: files that the user edited only when the user agrees. Undefined when the
 * user wants none.
 */
async function agreeTo(run: InitRun, changes: readonly FileChange[]): Promise<readonly FileChange[] | undefined> {
  const {project, out, prompter} = run;
  for (const change of changes.filter(({kind}) => kind === 'changed')) out.print(shown(change));
  const fresh = changes.filter(({kind}) => kind === 'new').map((change) => change.path);
  const isFirst = changes.every(({kind}) => kind === 'new');
  if (!isFirst && fresh.length > 0)
    out.print(styled`${wrapLines(styled`New: ${fresh.join(', ')}`, project.stdout.columns)}\n\n`);
  const edited = changes.filter(({kind}) => kind === 'edited');
  const taken = prompter ? await askEach(run, prompter, edited) : [];
  const kept = edited.filter((change) => !taken.includes(change)).map((change) => change.path);
  if (kept.length > 0) out.notice(`Kept as you have ${kept.length === 1 ? 'it' : 'them'}: ${kept.join(', ')}`);
  const agreed = changes.filter((change) => change.kind !== 'edited' || taken.includes(change));
  if (!prompter || isFirst) return agreed;
  return (await prompter.confirm(questionOf(agreed), true)) ? agreed : undefined;
}

function questionOf(changes: readonly FileChange[]): string {
  const count = changes.length;
  return `Write ${count === 1 ? 'this file' : `these ${count} files`}?`;
}

async function askEach(
  {out}: InitRun,
  prompter: Prompter,
  changes: readonly FileChange[],
): Promise<readonly FileChange[]> {
  const taken: FileChange[] = [];
  for (const change of changes) {
    const message = `${change.path} is your own version. What should infra do with it?`;
    let answer = await prompter.choose(message, ANSWERS_FOR_EDITED);
    while (answer === 'show') {
      out.print(shown(change));
      answer = await prompter.choose(message, ANSWERS_FOR_EDITED);
    }
    if (answer === 'take') taken.push(change);
  }
  return taken;
}

const ANSWERS_FOR_EDITED = [
  {value: 'keep' as const, name: 'keep mine'},
  {value: 'show' as const, name: 'show the difference'},
  {value: 'take' as const, name: "take infra's", description: 'Yours is overwritten.'},
];

/** The diff of a file. The digests in the answers, by which infra knows its own files, are left out. */
function shown({path, before, after}: FileChange): StyledText {
  const cut = (text: string) => (path === ANSWERS ? text.replace(/^written:\n(?: .*\n?)*/m, '') : text);
  const [old, fresh] = [before === undefined ? undefined : cut(before), cut(after)];
  if (old === fresh) return styled``;
  return joined([...renderDiff(describeFile(path, old, fresh), Number.POSITIVE_INFINITY), '']);
}
