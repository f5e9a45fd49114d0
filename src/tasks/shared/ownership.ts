import {check} from '../../model/index.js';
import {type Command, join, sh} from '../../shell/index.js';
import type {FileStatus} from './stat.js';

/** Who may do what with a file. Left out: a new file gets the default, an existing one keeps what it has. */
export interface Ownership {
  /** Octal, as text: `0644`, `644`, `1777`. */
  readonly mode?: string | undefined;
  /** Name, or number as text. */
  readonly owner?: string | undefined;
  /** Name, or number as text. */
  readonly group?: string | undefined;
}

export const octalMode = check.custom<string>(
  "text such as '0644'",
  'Put it in quotes: as a number, 644 and 0o644 are two different modes.',
  (value) => typeof value === 'string',
);

/** What these options must be. */
export const OWNERSHIP = {
  mode: check.optional(octalMode),
  owner: check.optional(check.text),
  group: check.optional(check.text),
} satisfies check.Checks<Ownership>;

/** What is wrong with the desired mode and names, in words, or undefined. */
export function refuseOwnership({mode, owner, group}: Ownership): string | undefined {
  if (mode !== undefined && !/^[0-7]{3,4}$/.test(mode))
    return `the mode ${JSON.stringify(mode)} is not an octal mode such as '0644'`;
  const name = [owner, group].find((each) => each !== undefined && !/^[^\s:,/-][^\s:,/]*$/.test(each));
  return name === undefined ? undefined : `${JSON.stringify(name)} is not the name of a user or group`;
}

/** Four octal digits. */
export const plainMode = (mode: string): string => mode.padStart(4, '0');

/** The attributes of a file as they are compared with the desired ones: names, or numbers where those are numbers. */
export function ownershipOf(status: FileStatus, desired: Ownership): {mode: string; owner: string; group: string} {
  return {
    mode: status.mode,
    owner: isNumber(desired.owner) || status.owner === UNNAMED ? status.uid : status.owner,
    group: isNumber(desired.group) || status.group === UNNAMED ? status.gid : status.group,
  };
}

/** Only what the user set, in the form `ownershipOf` has. */
export function desiredOwnership({mode, owner, group}: Ownership): {mode?: string; owner?: string; group?: string} {
  return {
    ...(mode !== undefined && {mode: plainMode(mode)}),
    ...(owner !== undefined && {owner}),
    ...(group !== undefined && {group}),
  };
}

/**
 * Commands that give a thing (shell text for what is open, or `.`) an owner, a group and a mode, as far as they are
 * named. Owner first: the kernel clears the set-user-ID and set-group-ID bits of a file that changes hands, so the mode
 * that it has is `known` then too. Bits that are only known and not asked for are given `where` a shell condition
 * holds.
 */
export function giveOwnership(thing: Command, to: Ownership, known?: string, where?: Command): Command | undefined {
  const hands = to.owner !== undefined || to.group !== undefined;
  const names = `${to.owner ?? ''}${to.group === undefined ? '' : `:${to.group}`}`;
  const special = hands && to.mode === undefined && known !== undefined && /^[2-7]/.test(known) ? known : undefined;
  const kept = special !== undefined && sh`chmod -- ${special} ${thing}`;
  const commands = [
    hands && sh`chown -- ${names} ${thing}`,
    to.mode !== undefined && sh`chmod -- ${to.mode} ${thing}`,
    kept && (where ? sh`{ ! ${where} || ${kept}; }` : kept),
  ];
  const wanted = commands.filter((each) => each !== false);
  return wanted.length > 0 ? join(wanted) : undefined;
}

/** What `stat` prints where a number has no name. */
const UNNAMED = 'UNKNOWN';

const isNumber = (name: string | undefined) => name !== undefined && /^\d+$/.test(name);
