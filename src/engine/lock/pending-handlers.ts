import {type Handler, type LeftOver, UnreadableReply} from '../../model/index.js';
import {type Command, contained, type Reply, sh} from '../../shell/index.js';

/** The one directory of ours that stays on a host. */
export const STATE_DIRECTORY = '/var/lib/infra';
const PENDING = `${STATE_DIRECTORY}/pending`;

/** What the last run that had the host wrote there, in two lines: who, for people, and
 * `MACHINE PROCESS GROUP RUN HOST`. */
export const LOCK_FILE = `${STATE_DIRECTORY}/lock`;

/**
 * Reads what earlier runs left on the host, with what the shell itself can do: `NOTE COMMAND` for each handler that
 * was notified and has not run, and `. LOCK` with the second line of the lock file. Files whose names no note has, as
 * an editor or an unpacked archive leaves them, are passed over.
 */
export const stateProbe: Command = sh`[ ! -d ${PENDING} ] || (cd ${PENDING} && for f in *; do
case $f in *[!A-Za-z0-9%._-]*) continue; esac
c=; [ ! -f "$f" ] || { IFS= read -r c <"$f"; printf '%s %s\n' "$f" "$c"; }; done) || exit
[ ! -f ${LOCK_FILE} ] || { l=; { read -r l; read -r l; } <${LOCK_FILE}; printf '. %s\n' "$l"; }`;

/** What earlier runs left on a host. */
export interface HostState {
  /** Handlers that are due. */
  readonly pending: readonly LeftOver[];
  /** The last run that had the host, as its lock says; another one later means that it was changed in between. */
  readonly lastRun: string;
}

/**
 * The answer to {@link stateProbe}. Throws `UnreadableReply` when it is missing or not whole: a handler that is due
 * must not be forgotten.
 */
export function parseState(reply: Omit<Reply, 'stderr'> | undefined): HostState {
  if (reply === undefined || reply.code !== 0)
    throw new UnreadableReply(`what earlier runs left in ${STATE_DIRECTORY}`);
  if (reply.truncated) throw new UnreadableReply(`${PENDING} holds too much`);
  const lines = reply.stdout.split('\n').filter((line) => line.includes(' '));
  const pairs = lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
  return {
    pending: pairs.flatMap(([name, command]) => {
      const id = idOf(name);
      return id === undefined ? [] : [{id, command}];
    }),
    lastRun: pairs.find(([name]) => name === '.')?.[1] ?? '',
  };
}

/** The handler that a note is about; undefined for a file that is no note of ours. */
function idOf(name: string): string | undefined {
  try {
    const id = decodeURIComponent(name);
    return nameOf({id}) === name ? id : undefined;
  } catch {
    return undefined;
  }
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
  const flush = sh`[ -z "$fresh" ] || sync -- $fresh ${PENDING} ${STATE_DIRECTORY} /var/lib`;
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

const note = (handler: Pick<Handler, 'id'>) => `${PENDING}/${nameOf(handler)}`;

/** A name without a character that means something to a shell, and no hidden one. */
function nameOf({id}: Pick<Handler, 'id'>): string {
  const name = encodeURIComponent(id).replaceAll(/[!'()*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return name.replace(/^\./, '%2E');
}
