import type {Handler} from '../../model/index.js';
import {type Command, contained, endAfter, join, sh} from '../../shell/index.js';
import {underRestore} from '../guard/guard-commands.js';
import type {Entry} from '../host-run.js';
import {markPending, runHandler} from '../lock/pending-handlers.js';
import type {RunControl} from '../run-control.js';
import {backupPath, guardNotes, keepBackup, keepForUndo} from './undo.js';

/** One step of a script: a task's change, a handler, a probe, or one whose answer must be the known one. */
export type ScriptStep =
  | {readonly type: 'check'; readonly entry: Entry}
  | {readonly type: 'change'; readonly entry: Entry}
  | {readonly type: 'handler'; readonly handler: Handler}
  | {readonly type: 'probe'; readonly entry: Entry};

/**
 * What a step runs on the host. A change comes after the notes of its handlers; of a file that it rewrites, what it was
 * is kept first, and a change that fails and leaves the file as it was takes its notes back.
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

/** The notes that changes delegated to another host leave on their own, to be made before them. */
export function notesBefore(steps: readonly ScriptStep[]): Command | undefined {
  const tasks = steps.flatMap((step) => (step.type === 'change' ? step.entry.open.task : []));
  const notes = markPending(tasks.flatMap(({delegateTo, notify}) => (delegateTo === undefined ? [] : notify)));
  return notes.length > 0 ? inOrder(notes) : undefined;
}

function withinTime(entry: Entry): readonly Command[] {
  const {timeout} = entry.open.task;
  const commands = changeCommands(entry);
  return timeout === undefined || commands.length === 0 ? commands : [endAfter(timeout, inOrder(commands))];
}

/** The commands of a task's change alone. */
export const changeCommands = ({verdict}: Entry) => (verdict.type === 'change' ? verdict.commands : []);

/** Where the run keeps the old version of the file that a task changes; undefined where it keeps none. */
export function backupOf(entry: Entry, {keepBackups, id}: RunControl): string | undefined {
  const file = fileOf(entry);
  const isNew = entry.verdict.type === 'change' && entry.verdict.action === 'create';
  return file && keepBackups && !isNew ? backupPath(file.path, id) : undefined;
}

/** A delegated task rewrites a file of another host, where nothing of this run is kept. */
const fileOf = ({open: {task}}: Entry) => (task.delegateTo === undefined ? task.restores : undefined);

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
