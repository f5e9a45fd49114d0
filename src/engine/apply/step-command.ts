import type {Handler, Restorable} from '../../model/index.js';
import {
  type Command,
  contained,
  endAfter,
  giveUp,
  join,
  keepOld,
  OURS,
  PRIVATE_DIRECTORY,
  putBackOld,
  raw,
  sh,
} from '../../shell/index.js';
import {underRestore} from '../guard/guard-commands.js';
import type {RunControl, TaskEntry} from '../host-run.js';
import {markPending, runHandler, STATE_DIRECTORY} from '../lock/pending-handlers.js';

/**
 * One step of a script: a task's change, a handler, a probe, or a check: a probe whose answer must be the known one.
 */
export type ScriptStep =
  | {readonly type: 'check'; readonly entry: TaskEntry}
  | {readonly type: 'change'; readonly entry: TaskEntry}
  | {readonly type: 'handler'; readonly handler: Handler}
  | {readonly type: 'probe'; readonly entry: TaskEntry};

/**
 * The command of a step on the host. A change comes after the notes of its handlers and after a copy of the file that
 * it rewrites; a change that fails and leaves the file as it was removes its notes.
 */
export function commandOf(step: ScriptStep, play: string, control: RunControl): Command {
  if (step.type === 'probe' || step.type === 'check') return step.entry.open.question.probe;
  if (step.type === 'handler') return runHandler(step.handler);
  const {task} = step.entry.open;
  const notes = task.delegateTo === undefined ? markPending(task.notify) : [];
  const commands = withinTime(step.entry);
  const file = fileOf(step.entry);
  const backup = file && control.keepBackups ? [keepBackup(file, control.id)] : [];
  const guard = step.entry.verdict.type === 'change' ? step.entry.verdict.guard : undefined;
  const change = inOrder(commands);
  if (guard) return inOrder([...notes, ...backup, underRestore(guard, change)]);
  if (file !== undefined && notes.length > 0)
    return inOrder([...notes, ...backup, keepForUndo(file, play), guardNotes(change)]);
  // Alone, it is contained by its step already.
  return notes.length + backup.length === 0 ? change : inOrder([...notes, ...backup, contained(change)]);
}

/**
 * The notes of handlers of delegated changes, which run on the host of the play: they are written there, before the
 * changes.
 */
export function notesBefore(steps: readonly ScriptStep[]): Command | undefined {
  const tasks = steps.flatMap((step) => (step.type === 'change' ? step.entry.open.task : []));
  const notes = markPending(tasks.flatMap(({delegateTo, notify}) => (delegateTo === undefined ? [] : notify)));
  return notes.length > 0 ? inOrder(notes) : undefined;
}

function withinTime(entry: TaskEntry): readonly Command[] {
  const {timeout} = entry.open.task;
  const commands = changeCommands(entry);
  return timeout === undefined || commands.length === 0 ? commands : [endAfter(timeout, inOrder(commands))];
}

/** The commands of a task's change alone. */
export const changeCommands = ({verdict}: TaskEntry) => (verdict.type === 'change' ? verdict.commands : []);

/** Where the run keeps the old version of the file that a task changes; undefined where it keeps none. */
export function backupOf(entry: TaskEntry, {keepBackups, id}: RunControl): string | undefined {
  const file = fileOf(entry);
  const isNew = entry.verdict.type === 'change' && entry.verdict.action === 'create';
  return file && keepBackups && !isNew ? backupPath(file.path, id) : undefined;
}

/** None for a delegated task: it rewrites a file of another host, where this run keeps nothing. */
const fileOf = ({open: {task}}: TaskEntry) => (task.delegateTo === undefined ? task.restores : undefined);

/** One after another; the first that fails ends the step with its exit code. */
function inOrder(commands: readonly Command[]): Command {
  return join(
    commands.map(
      (command) => sh`{ ${command}
} || exit`,
    ),
    '\n',
  );
}

/**
 * Keeps a file as it is before its change, once a play. Below `undo` in the connection's private directory, which ends
 * with the connection, each play has `old/PATH`, a copy with mode, owner and times, or `new/PATH` where there was no
 * file. Sets the shell variables `f` (the file) and `u` (the directory of the play).
 */
export function keepForUndo(file: Restorable, play: string): Command {
  return sh`{ ${locate(file)}; u=${PRIVATE_DIRECTORY}/undo/${directoryOf(play)}
[ -e "$u/old$f" ] || [ -L "$u/old$f" ] || [ -e "$u/new$f" ] || {
(umask 077; mkdir -p -- "$u/old$d" "$u/new$d") && ${keepOld(raw('"$f"'), keptIn('$u'))}; }; }`;
}

/** Commands that, when they fail and leave the file as it was, remove the notes made for them (`$fresh`). */
export function guardNotes(commands: Command): Command {
  return sh`${contained(commands)} || { r=$?; if [ -e "$u/new$f" ]; then [ ! -e "$f" ]; else
cmp -s -- "$u/old$f" "$f" && [ "$(stat -c %f:%u:%g -- "$u/old$f")" = "$(stat -c %f:%u:%g -- "$f")" ]; fi && rm -f -- $fresh
exit $r; }`;
}

/** Restores files as they were when the play began: each whole or not at all. */
export function putBack(files: readonly Restorable[], play: string): Command {
  return join(
    files.map(
      (file) => sh`{ ${locate(file)}; u=${PRIVATE_DIRECTORY}/undo/${directoryOf(play)}
${putBackOld(raw('"$f"'), keptIn('$u'))}; }`,
    ),
  );
}

/** Keeps the first old version of a file that a run changes, under the path that {@link backupPath} names. */
export function keepBackup(file: Restorable, run: string): Command {
  const directory = backupPath('', run);
  const kept = {old: raw('"$b$f"'), none: raw('/dev/null')};
  return sh`{ ${locate(file)}; b=${directory}; [ -e "$b$f" ] || [ -L "$b$f" ] || [ ! -e "$f" ] || {
(umask 077; mkdir -p -- "$b$d") && ${keepOld(raw('"$f"'), kept)}; }; }`;
}

/** Where a run keeps the old version of a file. */
export const backupPath = (path: string, run: string) => `${STATE_DIRECTORY}/backup/${run}${path}`;

const keptIn = (directory: string) => ({old: raw(`"${directory}/old$f"`), none: raw(`"${directory}/new$f"`)});

/**
 * The file a change writes, and the directory it lies in. A link is followed where that is asked for and no other user
 * could have made it.
 */
function locate({path, follow}: Restorable): Command {
  const real = sh`[ ! -L "$f" ] || [ ! -e "$f" ] || f=$(${OURS}
ours "$f" . && readlink -f -- "$f") || ${giveUp(`${path} is a link in a directory that others may change, so it is not followed`)}`;
  return sh`f=${path}; ${follow ? real : sh`:`}; ${raw(`d=\${f%/*}`)}`;
}

const directoryOf = (play: string) => encodeURIComponent(play).replaceAll('.', '%2E');
