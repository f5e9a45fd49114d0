import type {OpenedChoice, RestoreChoice} from '../../database/backup/plan-restore.js';
import type {Project} from '../../local/project.js';
import {InputError} from '../../model/index.js';
import {handOver, oneTimeIdentity} from '../../secrets/hand-over.js';
import {loadIdentities} from '../../secrets/index.js';
import {Secret} from '../../shell/index.js';

/**
 * Opens the files of a restore with the identity in `file`, else with that of the project, for an identity that is made for this restore: it alone is
 * sent to the server. Rejects with `InputError` when there is no identity, or none that opens them.
 */
export async function openBackup(
  project: Project,
  choice: RestoreChoice,
  file: string | undefined,
): Promise<OpenedChoice> {
  const env = file === undefined ? project.env : {INFRA_AGE_IDENTITY_FILE: file};
  const own = loadIdentities({root: project.root, env});
  if (!own) throw new InputError([NO_IDENTITY]);
  const {identity, recipient} = await oneTimeIdentity();
  const files = await Promise.all(
    [choice.backup, ...choice.logs].map(async (stored) => {
      const opened = await handOver(stored.header, own.keys, recipient);
      if (typeof opened === 'string') throw new InputError([unopened(stored.file, opened, own.from)]);
      return {stored, ...opened};
    }),
  );
  return {...choice, identity: new Secret(identity), files};
}

/** `2026-11-30 12:00:00`, in UTC unless it ends with `Z` or an offset such as `+01:00`. Throws `InputError`. */
export function parseUntil(text: string): Date {
  const [, date, time, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?) ?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  const found = new Date(`${date}T${time}${zone}`);
  if (!Number.isNaN(found.getTime())) return found;
  throw new InputError([
    {
      message: `"${text}" is not a time`,
      hint: "Write it as '2026-11-30 12:00:00', which is UTC, or with an offset such as +01:00 at its end.",
    },
  ]);
}

const NO_IDENTITY = {
  message: 'there is no age identity to decrypt the backup with',
  hint: 'Name the file of one with --identity.',
};

function unopened(file: string, why: 'not-for-us' | 'damaged', from: string) {
  return why === 'damaged'
    ? {message: `the manifest of ${file} is damaged`, hint: 'Name another backup.'}
    : {
        message: `${file} is encrypted for others: ${from} does not open it`,
        hint: 'Name the file of another identity with --identity.',
      };
}
