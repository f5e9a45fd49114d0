import {Content, check, defineTask, optionsOf, Unknown, UnreadableReply} from '../model/index.js';
import {type Command, type Reply, raw, sh} from '../shell/index.js';
import {presence} from './checks.js';
import {type Bytes, bytesOf, editLines, textOf} from './lines.js';
import {fingerprint, type PublicKey, parsePublicKey} from './public-key.js';
import {parseStatus} from './stat.js';
import {writeFile} from './write.js';

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
  readonly folder: string;
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
  subject: ({user}) => user,
  id: ({user, key}: AuthorizedKeySpec) => {
    const parsed = parsePublicKey(key);
    return parsed ? `${user}: ${`${parsed.comment} ${fingerprint(parsed).slice(0, 15)}`.trim()}` : user;
  },
  refuse: ({user, key}) => {
    if (!/^[A-Za-z_][\w.-]*$/.test(user)) return `${JSON.stringify(user)} is no name of a user`;
    if (key.trim().includes('\n')) return 'one key at a time: the key holds several lines';
    return parsePublicKey(key.trim()) ? undefined : 'the key is no public key such as "ssh-ed25519 AAAA… name"';
  },
  probe: ({user}) => sh`${enter(user, 'exit 0', 'exit 0')}
stat -c %f:%s:%u:%U:%g:%G . || exit
[ -e authorized_keys ] || [ -L authorized_keys ] || { echo absent; exit 0; }
stat -c %f:%s:%u:%U:%g:%G authorized_keys && dd if=authorized_keys iflag=nofollow status=none | base64 -w0`,
  parse: parseKeys,
  desire: ({user, key, state}, present) => {
    const old = present?.content?.bytes;
    if (state === 'absent' && old === undefined) return present === null ? null : {};
    const content = Content.of(editLines(old ?? Buffer.alloc(0), (lines) => editKeys(lines, key.trim(), state)));
    return state === 'absent' ? {content} : {content, mode: '0600', owner: user, folder: `0700 ${user}`};
  },
  change: ({user}, to, present) => [to !== null && changeKeys(user, to, present)],
  affectsOthers: false,
});

/**
 * Makes `~/.ssh` the working directory, or says why it cannot (`no-user`, `no-home`, `absent`, `elsewhere`) and leaves.
 * From there on names are relative, so that nothing the user does to the path meanwhile can lead astray.
 */
function enter(user: string, leave: string, missing: string): Command {
  return sh`h=${raw(`~${user}`)}; case $h in /*) ;; *) echo no-user; ${raw(leave)};; esac
cd -P -- "$h" 2>/dev/null || { printf 'no-home\n%s' "$h"; ${raw(leave)}; }
h=$(pwd -P); [ -e .ssh ] || [ -L .ssh ] || { echo absent; ${raw(missing)}; }
cd -P .ssh && [ "$(pwd -P)" = "$h/.ssh" ] || { echo elsewhere; exit 1; }`;
}

function parseKeys(reply: Reply, {user}: AuthorizedKeySpec): Partial<KeyState> | null | Unknown {
  const [first = '', second = '', bytes = ''] = reply.stdout.split('\n');
  if (first === 'no-user') return new Unknown(`the user ${user} does not exist`);
  if (first === 'no-home') return new Unknown(`the home directory ${second} of ${user} does not exist`);
  if (first === 'elsewhere')
    throw new UnreadableReply(`the .ssh of ${user} is no directory of its own; mend it by hand`);
  const folder = parseStatus({...reply, stdout: first}).status;
  if (folder === null) return null;
  const {status} = parseStatus({...reply, stdout: second});
  const state = {folder: `${folder.mode} ${folder.owner}`};
  if (status === null) return state;
  if (status.kind !== 'file') throw new UnreadableReply(`the authorized_keys of ${user} is no file; mend it by hand`);
  return {...state, content: Content.of(Buffer.from(bytes, 'base64')), mode: status.mode, owner: status.owner};
}

function editKeys(lines: readonly Bytes[], wish: string, state: AuthorizedKeySpec['state']): readonly Bytes[] {
  const key = parsePublicKey(wish);
  const isSame = (line: Bytes) => key !== undefined && sameKey(parsePublicKey(textOf(line)), key);
  if (state === 'absent') return lines.filter((line) => !isSame(line));
  const index = lines.findIndex(isSame);
  const old = parsePublicKey(textOf(lines[index] ?? ''));
  if (old === undefined) return [...lines, bytesOf(wish)];
  return key?.options === '' || key?.options === old.options ? lines : lines.with(index, bytesOf(wish));
}

const sameKey = (left: PublicKey | undefined, right: PublicKey) =>
  left?.type === right.type && left.blob === right.blob;

function changeKeys(user: string, to: Partial<KeyState>, present: Partial<KeyState> | null): Command {
  // The colon gives the group of the login too.
  const owner = `${user}:`;
  const old = present?.content;
  // Owner and mode alone are not changed in place: the path is in the user's hands, a new file is not.
  const content = to.content ?? old ?? Content.of('');
  const path = './authorized_keys';
  const file = writeFile({path, content, to: {mode: '0600', owner}, unlessChanged: old?.sha256});
  const folder = to.folder === undefined ? sh`:` : sh`chown -- ${owner} . && chmod 0700 .`;
  return sh`(${enter(user, 'exit 1', 'mkdir -m 0700 .ssh || exit')}
${folder} && ${file})`;
}
