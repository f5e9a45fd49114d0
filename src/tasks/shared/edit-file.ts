import {Content, check, hideLines, type Sensitivity, Unknown, UnreadableReply} from '../../model/index.js';
import {type Command, OURS, type Reply, Secret, sh} from '../../shell/index.js';
import {presence, validate} from './checks.js';
import {defaultMode} from './content-file.js';
import {giveFile} from './give.js';
import {isPrivate, parseStatus, probeStatus} from './stat.js';
import {type Bytes, bytesOf, editLines, textOf} from './text-lines.js';
import {writeFile} from './write.js';

/** What a task that edits part of a file accepts besides its own options. */
export interface EditOptions {
  /** Absolute. A symbolic link is followed, and the file it points to is edited. */
  readonly path: string;
  /** Make the file when it is missing (mode 0644, or 0600 for a secret). Otherwise a missing file is a failure. */
  readonly create?: boolean | undefined;
  /**
   * True: all of the file is shown masked. Default: when the edit is a secret or others may not read the file, only
   * lines that the edit brings in clear are shown. False: everything that is not a secret of the edit is shown.
   */
  readonly sensitive?: boolean | undefined;
  /** `absent` removes it. Default `present`. */
  readonly state?: 'present' | 'absent' | undefined;
  /** As with `file`. */
  readonly validate?: ((path: string) => Command) | undefined;
}

/** What these options must be. */
export const EDIT_OPTIONS: check.Checks<EditOptions> = {
  path: check.text,
  create: check.optional(check.flag),
  sensitive: check.optional(check.flag),
  state: presence,
  validate,
};

/** An edit ready to be made. */
export interface Edit extends EditOptions {
  /** The lines of the edit that are secret. Where it brings them in, others lose the right to read the file. */
  readonly secret: readonly Bytes[];
  edit(lines: readonly Bytes[]): readonly Bytes[];
}

/** An edit that brings `text` into the file or takes it away. */
export function prepareEdit(spec: EditOptions, text: string | Secret | undefined, edit: Edit['edit']): Edit {
  const secret = text instanceof Secret ? bytesOf(text.reveal()).split('\n') : [];
  return {...spec, edit, secret};
}

export interface EditState {
  readonly content: Content;
  readonly mode: string;
  /** Where the file really lies when the path is a link. Never compared. */
  readonly real: string;
}

/**
 * Reads the whole file, as the edit is made here, so that the diff is true whatever the file holds. Three processes.
 */
export function probeEdit({path}: EditOptions): Command {
  return sh`${probeStatus(path, true)}
[ -f "$f" ] && [ "$2" -le ${LIMIT} ] || exit 0
[ ! -L "$f" ] || { ${OURS}
ours "$f" . || { echo ${`${path} is a link in a directory that others may change, so it is not followed`} >&2; exit 1; }; }
base64 -w0 <"$f" || exit; echo
[ -L "$f" ] && { readlink -f -- "$f" && echo .; }; :`;
}

/** The state of a {@link probeEdit} reply; `Unknown` when there is no file and none may be made. */
export function parseEdit(reply: Reply, edit: Edit): Partial<EditState> | null | Unknown {
  const {path, create, state} = edit;
  const {status, rest} = parseStatus(reply);
  if (status === null) {
    return create || state === 'absent' ? null : new Unknown(`the file ${path} does not exist (create: true makes it)`);
  }
  if (status.kind !== 'file') throw new UnreadableReply(`${path} is not a file, so nothing in it can be edited`);
  if (status.size > LIMIT)
    throw new UnreadableReply(`${path} has ${status.size} bytes; more than ${LIMIT} are not edited`);
  const [, bytes, real] = /^([A-Za-z0-9+/=]*)\n(?:(.*)\n\.\n)?$/s.exec(rest) ?? [];
  if (bytes === undefined) throw new UnreadableReply('the probe answered nothing that can be read');
  const content = Content.of(Buffer.from(bytes, 'base64'), edit.sensitive ?? hidesOthers(edit, status.mode));
  return {content, mode: status.mode, ...(real !== undefined && {real})};
}

/** The file with the edit made. A missing file has no desired state where the edit only removes lines. */
export function desireEdit(desired: Edit, present: Partial<EditState> | null): Partial<EditState> | null {
  if (present === null && desired.state === 'absent') return null;
  const mode = defaultMode(desired.secret.length > 0 && desired.state !== 'absent', present?.mode);
  const edited = editLines(present?.content?.bytes ?? Buffer.alloc(0), desired.edit);
  return {
    content: Content.of(edited, sensitivity(desired, present?.mode, edited.toString())),
    ...(mode !== undefined && {mode}),
  };
}

/** Writes the edited file, unless it changed since it was read: another edit must not be lost. */
export function changeEdit(desired: Edit, to: Partial<EditState> | null, present: Partial<EditState> | null) {
  const path = present?.real ?? desired.path;
  if (to?.content === undefined)
    return [to !== null && present?.content && giveFile(path, present.content, {mode: to.mode}, present.mode)];
  const keep = present?.mode === undefined ? undefined : {mode: present.mode};
  const ownership = to.mode === undefined ? {} : {mode: to.mode};
  const unlessChanged = present?.content?.sha256;
  return [writeFile({path, content: to.content, to: ownership, keep, unlessChanged, validate: desired.validate})];
}

/** Whether the file may hold secrets that are not of the edit. */
function hidesOthers({secret}: Edit, mode: string | undefined): boolean {
  return secret.length > 0 || (mode !== undefined && isPrivate(mode));
}

/** What to hide of an edited text. The lines that the edit makes of an empty file are its own. */
function sensitivity(desired: Edit, mode: string | undefined, text: string): Sensitivity {
  if (desired.sensitive === true) return true;
  const hidden = new Set(desired.secret.map(textOf));
  if (desired.sensitive === undefined && hidesOthers(desired, mode)) {
    const own = new Set(desired.edit([]).map(textOf));
    return hideLines(text, (line) => hidden.has(line) || !own.has(line));
  }
  return hidden.size > 0 && hideLines(text, (line) => hidden.has(line));
}

/** Bytes of a file that is edited: it travels whole, in every plan. */
const LIMIT = 262_144;
