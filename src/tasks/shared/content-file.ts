import {Content, type Environment, UnreadableReply} from '../../model/index.js';
import {type Command, type Reply, raw, Secret, sh} from '../../shell/index.js';
import {loadFile, renderTemplate} from '../../templates/index.js';
import {giveFile} from './give.js';
import {deleteFile} from './make-directory.js';
import {desiredOwnership, type Ownership, ownershipOf} from './ownership.js';
import {type FileStatus, isPrivate, parseStatus, probeStatus} from './stat.js';
import {writeFile} from './write.js';

/** A file whose whole content is known. */
export interface DesiredFile extends Ownership {
  readonly path: string;
  /** `null`: the file should not exist. */
  readonly content: Content | null;
  /** False: what the file holds now is shown even where others may not read it. */
  readonly sensitive?: boolean | undefined;
  readonly validate?: ((path: string) => Command) | undefined;
}

/** What a file on a host has. `type` is set only where something other than a file is in its place. */
export interface FileState {
  readonly content: Content;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly type: string;
}

/**
 * Reads a file: its status, and `same` when it has the desired content, or else the old content in base64 when that has
 * at most {@link SHOWN} bytes, or else its digest. Two processes when nothing changed.
 */
export function probeFile({path, content}: DesiredFile): Command {
  const same =
    content &&
    sh`[ "$2" = ${content.size} ] && { h=$(sha256sum <"$f") || exit; } &&
[ "$h" = ${`${content.sha256}  -`} ] && { echo same; exit 0; }`;
  return sh`${probeStatus(path)}
[ -L "$f" ] && exec readlink -n -- "$f"
[ -f "$f" ] || exit 0
${same ?? raw(':')}
[ "$2" -le ${SHOWN} ] && { printf 'content '; exec base64 -w0 <"$f"; }
printf 'sha256 '; exec sha256sum <"$f"`;
}

/** The state of a {@link probeFile} reply. A directory or a device in the file's place is never touched. */
export function parseFile(reply: Reply, desired: DesiredFile): Partial<FileState> | null {
  const {status, rest} = parseStatus(reply);
  if (status === null) return null;
  if (status.kind === 'link') return {type: `link to ${rest}`};
  if (status.kind !== 'file') {
    const found = status.kind === 'directory' ? 'a directory' : 'neither a file nor a link';
    throw new UnreadableReply(`${desired.path} is ${found}; remove it first or choose another path`);
  }
  return {content: contentOf(rest, status, desired), ...ownershipOf(status, desired)};
}

/** The desired attributes: with defaults where the file is new, and without rights of others on a secret. */
export function desireFile(desired: DesiredFile, present: Partial<FileState> | null): Partial<FileState> | null {
  if (desired.content === null) return null;
  const mode = defaultMode(desired.content.sensitive, present?.mode);
  return {
    content: desired.content,
    ...(mode !== undefined && {mode}),
    ...desiredOwnership(desired),
    ...(present?.type !== undefined && {type: 'file'}),
  };
}

/**
 * Commands that make the desired file: all of it is written again when the content differs, else only owner and mode
 * change.
 */
export function changeFile(desired: DesiredFile, to: Partial<FileState> | null, present: Partial<FileState> | null) {
  const {path, validate} = desired;
  if (to === null) return [deleteFile(path)];
  const known = present?.mode;
  if (to.content === undefined)
    return [desired.content !== null && giveFile(path, desired.content, to, to.mode ?? known)];
  return [writeFile({path, content: to.content, to, validate, keep: known === undefined ? undefined : {mode: known}})];
}

/**
 * The mode of a file for which none is given: 0644 for a new one, 0600 when it holds a secret. An existing one keeps
 * its own (undefined), but a secret takes the rights of others from it.
 */
export function defaultMode(sensitive: boolean, present: string | undefined): string | undefined {
  if (present === undefined) return sensitive ? '0600' : '0644';
  return sensitive ? present.replace(/.$/, '0') : undefined;
}

function contentOf(answer: string, {size, mode}: FileStatus, desired: DesiredFile): Content {
  const [, word, value = ''] = /^(same|content|sha256) ?([^\s]*)/.exec(answer) ?? [];
  const sensitive = desired.content?.sensitive || (desired.sensitive ?? isPrivate(mode));
  if (word === 'same' && desired.content) return desired.content;
  if (word === 'content') return Content.of(Buffer.from(value, 'base64'), sensitive);
  if (word === 'sha256') return new Content({sha256: value, size, sensitive});
  throw new UnreadableReply('the probe answered nothing that can be read');
}

/** Bytes of old content sent back for a diff: enough for any configuration file written by hand. */
const SHOWN = 65_536;

/** Where the content of a file comes from. */
interface ContentOptions {
  readonly content?: string | Uint8Array | Secret | undefined;
  /** A file, or a template, that is looked up where templates are. */
  readonly source?: string | undefined;
  /** Used by name in the template. */
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  /** True: nothing of the content is shown. */
  readonly sensitive?: boolean | undefined;
}

/** What is wrong with the options that say what a file holds, in words, or undefined. */
export function refuseSource({content, source}: ContentOptions): string | undefined {
  return (content === undefined) === (source === undefined) ? 'give the file either content or source' : undefined;
}

/** The content of a file as given, or of a local file. A secret stays marked as one. */
export function literalContent({content = '', source, sensitive}: ContentOptions, environment: Environment): Content {
  const hidden = sensitive === true;
  if (source !== undefined) return loadFile(source, environment, hidden);
  if (content instanceof Secret) return Content.of(content.reveal(), true);
  return Content.of(content, hidden);
}

/**
 * The content of a file that a template renders, or as given. The places of secrets that the template prints are known.
 */
export function renderedContent(spec: ContentOptions, environment: Environment): Content {
  const {source, vars, sensitive: hidden} = spec;
  if (source === undefined) return literalContent(spec, environment);
  const {templateDirectories: directories, opened} = environment;
  const {text, sensitive, secretParts} = renderTemplate({source, vars, directories, opened});
  return Content.of(text, hidden === true || (sensitive && (secretParts ?? true)));
}
