import {type Handler, type HostPlan, type LeftOver, UnreadableReply} from '../../model/index.js';
import {type Command, contained, type Reply, sh} from '../../shell/index.js';
import type {HostRun} from '../host-run.js';

/** The one directory of ours that stays on a host. */
export const STATE_DIRECTORY = '/var/lib/infra';
const PENDING = `${STATE_DIRECTORY}/pending`;

/**
 * What the last run that locked the host wrote, in two lines: who it is, for people, and
 * `MACHINE PROCESS GROUP RUN HOST`.
 */
export const LOCK_FILE = `${STATE_DIRECTORY}/lock`;

/**
 * Reads what earlier runs left on the host, with builtins of the shell: `NOTE COMMAND` for each handler that was
 * notified and has not run, and `. LOCK` with the second line of the lock file. Files whose names no note can have,
 * such as those of an editor or an unpacked archive, are skipped.
 */
export const stateProbe: Command = sh`[ ! -d ${PENDING} ] || (cd ${PENDING} && for f in *; do
case $f in *[!A-Za-z0-9%._-]*) continue; esac
c=; [ ! -f "$f" ] || { IFS= read -r c <"$f"; printf '%s %s\n' "$f" "$c"; }; done) || exit
[ ! -f ${LOCK_FILE} ] || { l=; { read -r l; read -r l; } <${LOCK_FILE}; printf '. %s\n' "$l"; }`;

/** What earlier runs left on a host. */
export interface HostState {
  /** Handlers that are due. */
  readonly pending: readonly LeftOver[];
  /**
   * The last run that locked the host, as its lock file says; if that differs later, the host was changed in between.
   */
  readonly lastRun: string;
}

/**
 * Parses the answer to {@link stateProbe}. Throws `UnreadableReply` when it is missing or incomplete: a handler that is
 * due must not be forgotten.
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

/** The handler that a note is about; undefined for a file that is not a note of ours. */
function idOf(name: string): string | undefined {
  try {
    const id = decodeURIComponent(name);
    return nameOf({id}) === name ? id : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Commands that note on the host that handlers are due, each with its command for people. They run before the change,
 * in the same script, and the notes are on disk before it, so that neither a killed run nor a power cut loses any. The
 * shell variable `fresh` names the notes that did not exist before.
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

/** Runs the handler and then deletes its note. */
export function runHandler(handler: Handler, command = handler.command): Command {
  return sh`${contained(command)} && rm -f -- ${note(handler)}`;
}

/**
 * Drops notes of handlers that no task notifies any longer. Notes of handlers that the playbook still has are left:
 * apply runs these. Returns what was dropped, by host. Rejects with `HostError`.
 */
export async function dropPending(
  planned: readonly {readonly plan: HostPlan; readonly run: HostRun | undefined}[],
  ids: readonly string[],
): Promise<readonly {readonly host: string; readonly dropped: readonly string[]}[]> {
  const dropping = planned.map(async ({plan, run}) => {
    const dropped = (plan.leftOver ?? []).map(({id}) => id).filter((id) => ids.includes(id));
    const command = sh`rm -f -- ${dropped.map((id) => note({id}))}`;
    if (dropped.length > 0) await run?.connection.run([{command, required: true}], {within: 60});
    return {host: plan.host.name, dropped};
  });
  return (await Promise.all(dropping)).filter(({dropped}) => dropped.length > 0);
}

const note = (handler: Pick<Handler, 'id'>) => `${PENDING}/${nameOf(handler)}`;

/** The file name of a note: not hidden, and without characters that mean something to a shell. */
function nameOf({id}: Pick<Handler, 'id'>): string {
  const name = encodeURIComponent(id).replaceAll(/[!'()*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return name.replace(/^\./, '%2E');
}
