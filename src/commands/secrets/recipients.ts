import type {Project} from '../../local/project.js';
import {InputError, styled} from '../../model/index.js';
import {
  addRecipient,
  identityFile,
  isBegun,
  isRecipient,
  loadIdentities,
  loadRecipients,
  makeIdentity,
  projectRecipients,
  type Recipient,
  type Resealed,
  recipientsFile,
  recipientsOf,
  removeRecipient,
  resealAll,
  rotateIdentity,
} from '../../secrets/index.js';
import {type Console, openConsole, reportingFaults} from '../../session/console.js';

/** Makes an identity if there is none, and says how its owner gets access to the secrets. Returns the exit code. */
export function initSecrets(project: Project): Promise<number> {
  return reporting(project, async (out) => {
    const own = loadIdentities(project);
    const identities = own ?? (await makeIdentity(project.root));
    out.notice(own ? `Your identity is in ${own.from}.` : `Made your identity in ${identities.from}. ${BACK_UP}`);
    const keys = await recipientsOf(identities);
    if (!isBegun(project.root)) await projectRecipients(project, identities, out.notice);
    const listed = (await loadRecipients(project.root)) ?? [];
    for (const key of keys) out.print(styled`${key}\n`);
    out.notice(listed.some(({key}) => keys.includes(key)) ? READY : askFor(keys[0] ?? ''));
  });
}

const BACK_UP = 'Back it up; Git ignores it.';

const READY = 'This is your recipient, and secrets/recipients.txt names it: you can read the secrets of this project.';

const askFor = (key: string) =>
  `This is your recipient. Somebody who can read the secrets can give you access: infra secrets recipients add ${key} --name YOU`;

/** Replaces the identity with a new one. Returns the exit code. */
export function newIdentity(project: Project): Promise<number> {
  return reporting(project, async (out) => {
    const resealed = await rotateIdentity(project, out.notice);
    out.notice(`Made a new identity in ${identityFile(project.root)}. ${BACK_UP} ${summaryOf(resealed)}`);
    out.notice(
      'The old one still opens the history of this project: if somebody else may have it, rotate the secrets.',
    );
  });
}

/** Prints who can read the secrets. Returns the exit code. */
export function listRecipients(project: Project): Promise<number> {
  return reporting(project, async (out) => {
    const recipients = (await loadRecipients(project.root)) ?? [];
    for (const {key, name} of recipients) out.print(styled`${key}${name === '' ? '' : `  ${name}`}\n`);
    if (recipients.length === 0) out.notice('There are no recipients yet. Start with: infra secrets init');
  });
}

/** Lets somebody read all secrets. Returns the exit code. */
export function includeRecipient(project: Project, key: string, name: string): Promise<number> {
  return reporting(project, async (out) => {
    if (!isRecipient(key)) {
      const hint = 'Give the line that begins with age1, which "infra secrets init" shows to its owner.';
      throw new InputError([{message: 'this is not an age recipient', hint}]);
    }
    const listed = (await loadRecipients(project.root)) ?? [];
    const known = listed.some((each) => each.key === key);
    const line = {key, name: name.replaceAll(/\s+/g, ' ').trim()};
    const resealed = await resealAll(project, out.notice, (text) => (known ? text : addRecipient(text, line)));
    out.notice(`${known ? 'It was a recipient already. ' : ''}${summaryOf(resealed)}`);
  });
}

/** Encrypts all secrets without somebody. Returns the exit code. */
export function excludeRecipient(project: Project, who: string): Promise<number> {
  return reporting(project, async (out) => {
    const {key, name} = oneOf((await loadRecipients(project.root)) ?? [], who, project.root);
    const own = loadIdentities(project);
    if (own && (await recipientsOf(own)).includes(key)) throw new InputError([OWN]);
    const resealed = await resealAll(project, out.notice, (text) => removeRecipient(text, key));
    out.notice(summaryOf(resealed));
    out.notice(styled`${name || key} still knows the values so far: give each of these secrets a new value with
"infra secrets rotate NAME", then infra apply.`);
  });
}

const OWN = {
  message: 'this is your own recipient: you could no longer read the secrets',
  hint: 'Let somebody else remove it. Or, for a new identity instead: infra secrets rotate --identity',
};

function oneOf(recipients: readonly Recipient[], who: string, root: string): Recipient {
  const meant = recipients.filter(({key, name}) => key === who || name === who);
  const [one] = meant;
  if (one && meant.length === 1) return one;
  const message = `${recipientsFile(root)} names ${one ? 'several recipients' : 'no recipient'} "${who}"`;
  throw new InputError([{message, hint: 'To see them: infra secrets recipients list'}]);
}

const summaryOf = ({values, recipients}: Resealed) =>
  `Encrypted ${values} ${values === 1 ? 'secret' : 'secrets'} for ${recipients} ${recipients === 1 ? 'recipient' : 'recipients'}: commit secrets/.`;

function reporting(project: Project, work: (out: Console) => Promise<void>) {
  const out = openConsole(project);
  return reportingFaults(out, async () => {
    await work(out);
    return 0;
  });
}
