import {z} from 'zod';
import {UnreadableReply} from '../model/index.js';
import {type Command, sh} from '../shell/index.js';

/** What infra keeps about a database on its server, for root alone. */
export const DATABASE_DIRECTORY = '/var/lib/infra/database';

/** The operation that is under way on a server: whichever run comes next finds it there. */
export const JOURNAL = `${DATABASE_DIRECTORY}/journal`;

/** Says that the data of a server is from before a restore of its primary, and up to which transaction it is the same. */
export const MUST_SEED = `${DATABASE_DIRECTORY}/must-seed`;

const journal = z.object({
  /** The command that began it. */
  operation: z.enum(['switchover', 'failover', 'seed']),
  /** The run's name. */
  run: z.string(),
  /** The server that becomes the primary, or gets a copy, by its name in the inventory. */
  to: z.string(),
  /** `promoting`: the point of no return is passed, and the next run must finish it. `done`: only its end was not told. */
  phase: z.enum(['begun', 'promoting', 'done']),
});

/** An operation that has not ended. */
export type OperationJournal = z.infer<typeof journal>;

/** Throws `UnreadableReply` for a text that is not a journal of this version. */
export function parseJournal(text: string): OperationJournal {
  try {
    return journal.parse(JSON.parse(text));
  } catch {
    throw new UnreadableReply(`${JOURNAL} holds "${text.slice(0, 60)}", which is not a journal of infra`);
  }
}

/** Writes the journal to disk before it returns. */
export function writeJournal(entry: OperationJournal): Command {
  return sh`(umask 077 && mkdir -p ${DATABASE_DIRECTORY} && printf '%s\n' ${JSON.stringify(entry)} >${JOURNAL}.new) &&
mv ${JOURNAL}.new ${JOURNAL} && sync ${JOURNAL} ${DATABASE_DIRECTORY}`;
}

/** Ends the journal. */
export const deleteJournal: Command = sh`rm -f ${JOURNAL} ${JOURNAL}.new && { [ ! -d ${DATABASE_DIRECTORY} ] || sync ${DATABASE_DIRECTORY}; }`;
