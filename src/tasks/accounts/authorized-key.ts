import {ANYTHING, Content, check, defineTask, optionsOf, Unknown, UnreadableReply} from '../../model/index.js';
import {type Command, giveUp, inDirectory, type Reply, raw, sh, showAs} from '../../shell/index.js';
import {presence} from '../shared/checks.js';
import {MAY_BE_GIVEN} from '../shared/make-directory.js';
import {isPrivate, parseStatus, UNLESS_UNREADABLE} from '../shared/stat.js';
import {type Bytes, bytesOf, editLines, textOf} from '../shared/text-lines.js';
import {writeHere} from '../shared/write.js';
import {fingerprint, type PublicKey, parsePublicKey} from './public-key.js';

export interface AuthorizedKeySpec {
  /** Whose login it is; the user must exist. */
  readonly user: string;
  /** One public key as in a `.pub` file; options may stand before it. */
  readonly key: string;
  /** Default `present`. */
  readonly state?: 'present' | 'absent' | undefined;
}

interface KeyState {
  readonly content: Content;
  readonly mode: string;
  readonly owner: string;
  /** Mode and owner of `~/.ssh`. */
  readonly directory: string;
}

/**
 * A public key that may log in as a user, in `~/.ssh/authorized_keys` (both made as sshd wants them: 0700 and 0600, the
 * user's own). Keys are the same when type and key are, whatever their comment. Options of the file are kept unless
 * `key` brings its own. Links inside the user's home are not followed: their target would be the user's choice.
 *
 * @example
 * authorizedKey({user: 'deploy', key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm anna'})
 */
export const authorizedKey = defineTask({
  type: 'authorizedKey',
  options: optionsOf<AuthorizedKeySpec>({user: check.text, key: check.text, state: presence}),
  id: ({user, key}: AuthorizedKeySpec) => {
    const parsed = parsePublicKey(key);
    return parsed ? `${user}: ${`${parsed.comment} ${fingerprint(parsed).slice(0, 15)}`.trim()}` : user;
  },
  refuse: ({user, key}) => {
    if (!/^[A-Za-z_][\w.-]*$/.test(user)) return `${JSON.stringify(user)} is not a user name`;
    if (key.trim().includes('\n')) return 'the key holds several lines; give one key at a time';
    if (parsePublicKey(key.trim())) return undefined;
    const message = 'the key is not a public key such as "ssh-ed25519 AAAA… name"';
    return {message, hint: 'Write the line of a file such as ~/.ssh/id_ed25519.pub.'};
  },
  probe: probeKeys,
  parse: parseKeys,
  desire: ({user, key, state}, present) => {
    const old = present?.content?.bytes;
    if (state === 'absent' && old === undefined) return present === null ? null : {};
    const content = Content.of(editLines(old ?? Buffer.alloc(0), (lines) => editKeys(lines, key.trim(), state)));
    return state === 'absent' ? {content} : {content, mode: '0600', owner: user, directory: `0700 ${user}`};
  },
  change: ({user}, to, present) => [to !== null && changeKeys(user, to, present)],
  affects: ({user}) => [`authorized-keys:${user}`],
  // Only the host knows where the user's home is.
  needs: ({user}) => [`authorized-keys:${user}`, ANYTHING],
});

function probeKeys({user}: AuthorizedKeySpec): Command {
  const readable = (path: string) => sh`{ f=${raw(path)}; ${UNLESS_UNREADABLE}; }`;
  return sh`${homeOf(user, 'exit 0')}
cd -P -- "$h" 2>/dev/null || ${readable('$h/.')} && cd -P -- "$h" 2>/dev/null || { printf 'no-home\n%s' "$h"; exit 0; }
h=$PWD; [ -e .ssh ] || [ -L .ssh ] || { echo absent; exit 0; }
[ -L .ssh ] || [ ! -d .ssh ] || [ -x .ssh ] || exec stat -- .ssh/.
${ENTER}
stat -c %f:%s:%u:%U:%g:%G . || exit
[ -e authorized_keys ] || [ -L authorized_keys ] || { echo absent; exit 0; }
stat -c %f:%s:%u:%U:%g:%G authorized_keys || exit; [ -f authorized_keys ] || exit 0
[ -r authorized_keys ] || exec cat authorized_keys
dd if=authorized_keys iflag=nofollow,nonblock status=none | base64 -w0`;
}

/** Sets `h` to the user's home. */
const homeOf = (user: string, leave: string) =>
  sh`h=${raw(`~${user}`)}; case $h in /*) ;; *) echo no-user; ${raw(leave)};; esac`;

/** Makes `.ssh` the working directory; from there on nothing that the user does to the path can lead astray. */
const ENTER = raw(`h=\${PWD%/}; cd -P ./.ssh && [ "$PWD" = "$h/.ssh" ] || { echo elsewhere; exit 1; }`);

function parseKeys(reply: Reply, {user}: AuthorizedKeySpec): Partial<KeyState> | null | Unknown {
  const [first = '', second = '', bytes = ''] = reply.stdout.split('\n');
  if (first === 'no-user') return new Unknown(`the user ${user} does not exist`);
  if (first === 'no-home') return new Unknown(`the home directory ${second} of ${user} does not exist`);
  if (first === 'elsewhere')
    throw new UnreadableReply(`the .ssh of ${user} is not a directory of its own; fix it by hand`);
  const directory = parseStatus({...reply, stdout: first}).status;
  if (directory === null) return null;
  const {status} = parseStatus({...reply, stdout: second});
  const state = {directory: `${directory.mode} ${directory.owner}`};
  if (status === null) return state;
  if (status.kind !== 'file') throw new UnreadableReply(`the authorized_keys of ${user} is not a file; fix it by hand`);
  // The new file is the user's to read: what the old one hid from the user must not come into it.
  if (status.owner !== user && isPrivate(status.mode))
    throw new UnreadableReply(`the authorized_keys of ${user} belongs to ${status.owner}, and others may not read it`);
  return {...state, content: Content.of(Buffer.from(bytes, 'base64')), mode: status.mode, owner: status.owner};
}

function editKeys(lines: readonly Bytes[], desired: string, state: AuthorizedKeySpec['state']): readonly Bytes[] {
  const key = parsePublicKey(desired);
  const isSame = (line: Bytes) => key !== undefined && sameKey(parsePublicKey(textOf(line)), key);
  if (state === 'absent') return lines.filter((line) => !isSame(line));
  const index = lines.findIndex(isSame);
  const old = parsePublicKey(textOf(lines[index] ?? ''));
  if (old === undefined) return [...lines, bytesOf(desired)];
  return key?.options === '' || key?.options === old.options ? lines : lines.with(index, bytesOf(desired));
}

const sameKey = (left: PublicKey | undefined, right: PublicKey) =>
  left?.type === right.type && left.blob === right.blob;

function changeKeys(user: string, to: Partial<KeyState>, present: Partial<KeyState> | null): Command {
  // The colon gives the group of the login too.
  const owner = `${user}:`;
  const old = present?.content;
  // Owner and mode alone are not changed in place: the path is in the user's hands, a new file is not.
  const content = to.content ?? old ?? Content.of('');
  const path = 'authorized_keys';
  const write = writeHere({path, content, to: {mode: '0600', owner}, unlessChanged: old?.sha256, oldMust: OF_THE_USER});
  const give = sh`${MAY_BE_GIVEN} && chown -- ${owner} . && chmod -- 00700 . || ${giveUp(NOT_GIVEN)}`;
  return showAs(
    `write ~${user}/.ssh/authorized_keys`,
    sh`${homeOf(user, 'exit 1')}
${inDirectory(
  raw('"$h"'),
  sh`[ -e ./.ssh ] || [ -L ./.ssh ] || mkdir ./.ssh || exit
${ENTER}
${to.directory === undefined ? sh`:` : give}
n=${path}
${write}`,
)}`,
  );
}

/** The old file is the user's, or the user may read it anyway. */
const OF_THE_USER = raw(
  '{ [ "$own" ] || [ ! "$hu" ] || [ "$hu" = "$hd" ] || case $hm in *[4-7]) ;; *) false;; esac; }',
);

const NOT_GIVEN =
  'the .ssh of the user belongs to the user that infra works as, and is not empty; change its owner by hand';
