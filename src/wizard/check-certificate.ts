import {createPrivateKey, type KeyObject, X509Certificate} from 'node:crypto';
import {homedir} from 'node:os';
import {join, resolve} from 'node:path';
import {readIfPossible} from '../local/read-file.js';
import type {Problem} from '../model/index.js';
import type {Choices} from '../project/choices.js';
import {faulty, type Parsed} from './answers.js';

/** Checks that a path is that of a PEM file with a certificate that is valid now and for `domain`, if that is given. */
export function checkCertificate(path: string, domain: string | undefined, now = new Date()): Parsed<string> {
  const text = readText(path);
  if (text === undefined) return unreadable(path);
  const certificate = certificateIn(text);
  if (!certificate)
    return faulty(
      `"${path}" does not have a certificate in PEM`,
      'Its first line must be -----BEGIN CERTIFICATE-----.',
    );
  if (certificate.ca)
    return faulty(`"${path}" begins with the certificate of an authority`, "Put the server's own certificate first.");
  if (new Date(certificate.validTo) < now)
    return faulty(`the certificate in "${path}" expired on ${certificate.validTo}`, 'Get a new one first.');
  if (domain !== undefined && !certificate.checkHost(domain)) {
    const names = certificate.subjectAltName?.replaceAll('DNS:', '') ?? certificate.subject;
    return faulty(
      `the certificate in "${path}" is not for ${domain}, but for ${names}`,
      'Give another certificate, or another domain.',
    );
  }
  return {value: path};
}

/**
 * Checks that a path is that of a PEM file with a private key without passphrase: that of the certificate, if given.
 */
export function checkKey(path: string, certificatePath: string | undefined): Parsed<string> {
  const text = readText(path);
  if (text === undefined) return unreadable(path);
  if (/ENCRYPTED/.test(text))
    return faulty(`the key in "${path}" has a passphrase`, `Remove it: openssl pkey -in ${path} -out plain.pem`);
  const key = keyIn(text);
  if (!key)
    return faulty(
      `"${path}" does not have a private key in PEM`,
      'Its first line must be -----BEGIN PRIVATE KEY-----.',
    );
  const certificate = certificatePath === undefined ? undefined : certificateIn(readText(certificatePath) ?? '');
  if (certificate && !certificate.checkPrivateKey(key))
    return faulty(
      `the key in "${path}" is not that of the certificate in "${certificatePath}"`,
      'Give the key that the certificate was made for.',
    );
  return {value: path};
}

/** What is wrong with the certificate and key of choices, if their files are on this machine. */
export function certificateFaults({tls, domain}: Choices): readonly Problem[] {
  if (tls.kind !== 'files') return [];
  const checks = [
    ...(readText(tls.certificate) === undefined ? [] : [checkCertificate(tls.certificate, domain)]),
    ...(readText(tls.key) === undefined ? [] : [checkKey(tls.key, tls.certificate)]),
  ];
  return checks.flatMap((each) => ('fault' in each ? each.fault : []));
}

/** The absolute path that a user means: `~` is their home directory. */
export const expandHome = (path: string) =>
  path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : resolve(path);

/** The text of a user's file; undefined if it cannot be read: someone else of the team may have made the project. */
export function readText(path: string): string | undefined {
  return readIfPossible(expandHome(path));
}

const unreadable = (path: string) =>
  faulty(
    `the file "${path}" cannot be read`,
    'Give a path that is relative to this directory, or one that begins with / or ~.',
  );

function certificateIn(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

function keyIn(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(text);
  } catch {
    return undefined;
  }
}
