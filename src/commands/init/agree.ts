import {describeFile} from '../../diff/index.js';
import {joined, type StyledText, styled} from '../../model/index.js';
import {ANSWERS, type FileChange} from '../../project/index.js';
import {renderDiff} from '../../renderers/index.js';
import type {Prompter} from '../../wizard/index.js';
import {wrapLines} from '../../wizard/terminal/terminal-prompter.js';
import type {InitRun} from './init-run.js';

/**
 * The changes to make, after they were shown: files of the user's only when they say so. Undefined when they want none.
 */
export async function agreeTo(
  run: InitRun,
  changes: readonly FileChange[],
): Promise<readonly FileChange[] | undefined> {
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
    const message = `${change.path} is yours, not as infra wrote it. What becomes of it?`;
    let answer = await prompter.choose(message, WAYS);
    while (answer === 'show') {
      out.print(shown(change));
      answer = await prompter.choose(message, WAYS);
    }
    if (answer === 'take') taken.push(change);
  }
  return taken;
}

const WAYS = [
  {value: 'keep' as const, name: 'keep mine'},
  {value: 'show' as const, name: 'show the difference'},
  {value: 'take' as const, name: "take infra's", description: 'Yours is overwritten.'},
];

/** What a run knows its own files by is nothing to look at. */
function shown({path, before, after}: FileChange): StyledText {
  const cut = (text: string) => (path === ANSWERS ? text.replace(/^written:\n(?: .*\n?)*/m, '') : text);
  const [old, fresh] = [before === undefined ? undefined : cut(before), cut(after)];
  if (old === fresh) return styled``;
  return joined([...renderDiff(describeFile(path, old, fresh), Number.POSITIVE_INFINITY), '']);
}
