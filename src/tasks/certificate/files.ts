import {createHash, createPrivateKey} from 'node:crypto';
import type {Leaf} from '../../model/index.js';
import {Secret} from '../../shell/index.js';

/** The text of a certificate's files. `key` is undefined where `certificate` holds the key too. */
export interface Files {
  readonly certificate: string | Secret;
  readonly key: Secret | undefined;
}

/**
 * The certificate after a line that says which key was put there with it, by its digest: so a probe finds a key that was
 * swapped or cut without reading it out, with nothing but coreutils. A digest of 256 random bits gives nothing away;
 * text before a certificate is no part of it (RFC 7468, section 2).
 */
export function renderFiles({certificate, key}: Leaf, separate: boolean, placeholder = false): Files {
  const pem = plainKey(key);
  const text = `${RECORD}${digestOf(pem)}\n${placeholder ? `${RENEWED}\n` : ''}${certificate.trim()}\n`;
  return separate ? {certificate: text, key: new Secret(pem)} : {certificate: new Secret(text + pem), key: undefined};
}

/** The line of a file that somebody else on the host may replace, and nobody else. */
export const RENEWED = '# infra: renewed on this host';

/** How the line of the key's digest begins. */
export const RECORD = '# infra: key ';

/** SHA-256 of a key as it stands in a file, with its last line break. Hexadecimal. */
export const digestOf = (pem: string): string => createHash('sha256').update(pem).digest('hex');

/** A private key in the one form that infra writes: PKCS #8 in PEM. Throws when the text is none. */
export const plainKey = (key: Secret): string =>
  createPrivateKey(key.reveal()).export({type: 'pkcs8', format: 'pem'}).toString();
