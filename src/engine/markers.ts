import type {Handler, LeftOver} from '../model/index.js';
import {type Command, contained, type Reply, sh} from '../shell/index.js';

/** The one folder of ours that stays on a host. */
export const STATE_FOLDER = '/var/lib/infra';
const PENDING = `${STATE_FOLDER}/pending`;

/** What the last run that had the host wrote there, in two lines: who, for people, and
 * `MACHINE PROCESS GROUP RUN HOST`. */
export const LOCK_FILE = `${STATE_FOLDER}/lock`;

/**
 * Reads what earlier runs left on the host, with what the shell itself can do: `NOTE COMMAND` for each handler that
 * was notified and has not run, and `. LOCK` with the second line of the lock file.
 */
export const stateProbe: Command = sh`[ ! -d ${PENDING} ] || (cd ${PENDING} && for f in *; do
c=; [ ! -f "$f" ] || { IFS= read -r c <"$f"; printf '%s %s\n' "$f" "$c"; }; done)
[ ! -f ${LOCK_FILE} ] || { l=; { read -r l; read -r l; } <${LOCK_FILE}; printf '. %s\n' "$l"; }`;

/** What earlier runs left on a host. */
export interface HostState {
  /** Handlers that are due. */
  readonly pending: readonly LeftOver[];
  /** The last run that had the host, as its lock says; another one later means that it was changed in between. */
  readonly lastRun: string;
}

/** The answer to {@link stateProbe}. */
export function parseState({stdout}: Pick<Reply, 'stdout'>): HostState {
  const lines = stdout.split('\n').filter((line) => line.includes(' '));
  const pairs = lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
  const notes = pairs.filter(([name]) => name !== '.');
  return {
    pending: notes.map(([name, command]) => ({id: decodeURIComponent(name), command})),
    lastRun: pairs.find(([name]) => name === '.')?.[1] ?? '',
  };
}

/**
 * Notes on the host that handlers are due, each with its command for people. They run before the change, in the same
 * script, and are on disk before it, so neither a run that is killed nor a power cut loses any. The shell variable
 * `fresh` names those that were not there before.
 */
export function markPending(handlers: readonly Handler[]): Command[] {
  if (handlers.length === 0) return [];
  const notes = handlers.map((handler) => {
    const text = handler.command.toString().replaceAll(/\s+/g, ' ');
    return sh`[ -f ${note(handler)} ] || { printf '%s\n' ${text} >${note(handler)} && fresh="$fresh ${note(handler)}"; }`;
  });
  const made = sh`fresh=; (umask 077 && mkdir -p ${PENDING})`;
  const flush = sh`[ -z "$fresh" ] || sync -- $fresh ${PENDING} ${STATE_FOLDER} /var/lib`;
  return [made, ...notes, flush];
}

/** The handler, and then the end of its note. */
export function runHandler(handler: Handler, command = handler.command): Command {
  return sh`${contained(command)} && rm -f -- ${note(handler)}`;
}

/** Ends notes without running anything. */
export function dropNotes(ids: readonly string[]): Command {
  return sh`rm -f -- ${ids.map((id) => note({id}))}`;
}

/** A name without a character that means something to a shell, and no hidden one. */
function note({id}: Pick<Handler, 'id'>): string {
  const name = encodeURIComponent(id).replaceAll(/[!'()*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return `${PENDING}/${name.replace(/^\./, '%2E')}`;
}
