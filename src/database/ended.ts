import {note} from '../model/index.js';
import {deleteJournal, type OperationJournal, writeJournal} from './journal.js';
import type {Operation, OperationStep} from './operation.js';
import {type AnsweringNode, answering, type DatabaseSite, findPrimary} from './site.js';

type Ended = Omit<OperationJournal, 'phase'>;

/** The last step of an operation: a run that is ended before it has told its end has done everything. */
export function noteEnd(host: string, entry: Ended): OperationStep {
  return {
    host,
    text: 'note in the journal that it is done',
    run: async (hosts) => void (await hosts.ask(host, writeJournal({...entry, phase: 'done'}))),
  };
}

/** Deletes the note of {@link noteEnd}. */
export function forgetEnd(host: string): NonNullable<Operation['forget']> {
  return (hosts) => hosts.ask(host, deleteJournal);
}

/**
 * For a command that is run again: says that the run before has done it, where that one was ended before it told its end.
 * Also where the server that is named to become the primary is the primary.
 */
export function endedBefore(
  site: DatabaseSite,
  operation: OperationJournal['operation'],
  to: string | undefined,
): Operation | undefined {
  const found = findPrimary(site);
  const primary = found.state === 'serving' ? found.node : undefined;
  const isIt = (node: AnsweringNode) => (operation === 'seed' ? node.host.name === to : node.host === primary?.host);
  const node = answering(site).find((each) => isIt(each) && wasDone(each, operation, to));
  if (node) return said(operation, node);
  if (operation === 'seed' || primary === undefined || primary.host.name !== to) return undefined;
  const words = `${to} is the primary already, and takes writes.`;
  return {name: operation, title: `${operation}: nothing to do`, notes: [note(words)], steps: [], done: words};
}

function wasDone({report: {journal}}: AnsweringNode, operation: string, to: string | undefined): boolean {
  return journal?.phase === 'done' && journal.operation === operation && (to === undefined || journal.to === to);
}

function said(operation: string, {host: {name}, report: {journal}}: AnsweringNode): Operation {
  const forget: OperationStep = {
    host: name,
    text: 'forget the journal of this operation',
    run: async (hosts) => void (await hosts.ask(name, deleteJournal)),
  };
  const done = operation === 'seed' ? `${name} has its copy, and replicates.` : `${name} is the primary.`;
  return {
    name: operation,
    title: `${operation}: it is done`,
    notes: [
      note(`Run ${journal?.run} has done it, and was ended before it told so. To do it once more, run it again.`),
    ],
    steps: [forget],
    done,
  };
}
