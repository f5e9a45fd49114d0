import {createHash, createPrivateKey} from 'node:crypto';
import {type Leaf, UnreadableReply} from '../../model/index.js';
import {type Command, type Reply, Secret, sh} from '../../shell/index.js';
import {type FileStatus, parseStatus, probeStatus} from '../shared/stat.js';

/** The text of a certificate's files. `key` is undefined where `certificate` holds the key too. */
export interface Files {
  readonly certificate: string | Secret;
  readonly key: Secret | undefined;
}

/**
 * The certificate after a line that says which key was put there with it, by its digest: so a probe finds a key that
 * was swapped or cut without reading it out, with nothing but coreutils. A digest of 256 random bits gives nothing
 * away; text before a certificate is not part of it (RFC 7468, section 2).
 */
export function renderFiles({certificate, key}: Leaf, separate: boolean, placeholder = false): Files {
  const pem = plainKey(key);
  const text = `${RECORD}${digestOf(pem)}\n${placeholder ? `${RENEWED}\n` : ''}${certificate.trim()}\n`;
  return separate ? {certificate: text, key: new Secret(pem)} : {certificate: new Secret(text + pem), key: undefined};
}

/** The line of a file that only another program on the host may replace. */
export const RENEWED = '# infra: renewed on this host';

/** How the line of the key's digest begins. */
export const RECORD = '# infra: key ';

/** SHA-256 of a key as it stands in a file, with its last line break. Hexadecimal. */
export const digestOf = (pem: string): string => createHash('sha256').update(pem).digest('hex');

/** A private key in the one form that infra writes: PKCS #8 in PEM. Throws when the text is none. */
export const plainKey = (key: Secret): string =>
  createPrivateKey(key.reveal()).export({type: 'pkcs8', format: 'pem'}).toString();

/** What a host answers: of the two files, the certificate's public text and the digest of the key. */
export interface Found {
  readonly certificate: FileStatus | null;
  /** The file with the key; the same where one file holds both. */
  readonly key: FileStatus | null;
  /** PEM and the line about the key; empty where there is no file. */
  readonly text: string;
  /** SHA-256 of the private key, hexadecimal. */
  readonly digest: string;
}

/** Reads a certificate and what its key is like. The key itself never leaves the host. */
export function probeFiles(path: string, key: string): Command {
  return sh`(${probeStatus(path)}
[ -f "$f" ] && [ ! -L "$f" ] || exit 0
head -c ${MOST} -- "$f" | sed -n ${PUBLIC}) || exit
echo ${DIVIDER}
(${probeStatus(key)}
[ -f "$f" ] && [ ! -L "$f" ] || exit 0
head -c ${MOST} -- "$f" | sed -n ${PRIVATE} | sha256sum)`;
}

/** Throws `UnreadableReply` for an answer that is not understood, and for a directory in a file's place. */
export function parseFound(reply: Reply, path: string, key: string): Found {
  const parts = reply.stdout.split(`${DIVIDER}\n`);
  const [certificate, second] = [0, 1].map((index) => parseStatus({...reply, stdout: parts[index] ?? ''}));
  if (!certificate || !second) throw new UnreadableReply('the probe answered too little');
  refuseOthers(certificate.status, path);
  refuseOthers(second.status, key);
  const digest = /^[0-9a-f]{64}/.exec(second.rest)?.[0] ?? '';
  return {certificate: certificate.status, key: second.status, text: certificate.rest, digest};
}

function refuseOthers(status: FileStatus | null, path: string): void {
  if (status === null || status.kind === 'file' || status.kind === 'link') return;
  const found = status.kind === 'directory' ? 'a directory' : 'neither a file nor a link';
  throw new UnreadableReply(`${path} is ${found}; remove it first or choose another path`);
}

/** Bytes that are read of a file: several times a long chain. */
const MOST = 65_536;

const DIVIDER = '-- key --';

const PUBLIC = `/^${RECORD}/p;/^${RENEWED}$/p;/^-----BEGIN CERTIFICATE-----/,/^-----END CERTIFICATE-----/p`;

const PRIVATE = '/^-----BEGIN .*PRIVATE KEY-----/,/^-----END .*PRIVATE KEY-----/p';
