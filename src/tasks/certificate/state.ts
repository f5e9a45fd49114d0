import {createHash, X509Certificate} from 'node:crypto';
import {type Authority, canonicalAddress} from '../../model/index.js';
import {desiredOwnership, type Ownership, ownershipOf} from '../shared/ownership.js';
import {digestOf, type Found, plainKey, RECORD, RENEWED} from './files.js';
import type {CertificateSpec, CertificateState, OwnCertificate} from './spec.js';

/** What a host has at the paths of a certificate, as people name it; `null` when neither file exists. */
export function stateOf(spec: CertificateSpec, found: Found, now: Date): Partial<CertificateState> | null {
  const {certificate, key} = found;
  if (certificate === null && key === null) return null;
  return {
    ...certificateState(spec, found.text, now),
    key: keyState(spec, found),
    ...(key && ownershipOf(key, keyOwnership(spec))),
    ...(spec.key !== undefined && certificate && {'certificate file': `${certificate.mode} ${certificate.owner}`}),
  };
}

/** The desired certificate. Its end is part of it only where the end of the present one is near. */
export function desiredCertificate(
  spec: CertificateSpec,
  present: Partial<CertificateState> | null,
): Partial<CertificateState> {
  return {
    ...desiredAttributes(spec, present?.expires),
    key: BELONGS,
    ...desiredOwnership(keyOwnership(spec)),
    ...(spec.key !== undefined && {'certificate file': '0644 root'}),
  };
}

/** The attributes that are fixed without a new certificate. */
export const RIGHTS: readonly string[] = ['mode', 'owner', 'group', 'certificate file'];

/** The key on the host is the one that the certificate there was put with. */
const BELONGS = 'belongs to the certificate';

function certificateState({from, placeholder}: CertificateSpec, text: string, now: Date) {
  const leaf = parseLeaf(text);
  if (placeholder) return {certificate: leaf ? (isRenewed(text) ? ANY : 'one without renewal') : UNREADABLE};
  if (!('issue' in from)) return {certificate: describe(text)};
  const issued = issuedState(from, leaf, now);
  return isRenewed(text) ? {...issued, issuer: 'a program on the host'} : issued;
}

function desiredAttributes(
  {from, names, usage = 'server', days = DAYS, placeholder}: CertificateSpec,
  expires?: string,
) {
  if (placeholder) return {certificate: ANY};
  if (!('issue' in from)) return {certificate: describe(from.certificate)};
  const isDue = expires === undefined || /\(/.test(expires);
  return {
    issuer: nameOf(from),
    names: plainNames(names),
    usage,
    ...(isDue && {expires: `${days} days after it is issued`}),
  };
}

/** Days that a new certificate is valid (Mozilla's guideline 6.0). */
const DAYS = 90;

/** The desired certificate where another program on the host renews it. */
const ANY = 'any';

const isRenewed = (text: string) => text.split('\n').includes(RENEWED);

function issuedState(authority: Authority, leaf: X509Certificate | undefined, now: Date) {
  if (leaf === undefined) return {issuer: UNREADABLE};
  return {
    issuer: issuerOf(leaf, authority),
    names: parseNames(leaf.subjectAltName),
    usage: usageOf(leaf),
    expires: expiry(leaf, now),
  };
}

function issuerOf(leaf: X509Certificate, authority: Authority): string {
  const root = new X509Certificate(authority.certificate);
  const name = commonName(leaf.issuer);
  if (isIssuedBy(leaf, root)) return name;
  return name === nameOf(authority) ? `another ${name}` : name;
}

/** A key of a kind that OpenSSL does not know verifies nothing. */
function isIssuedBy(leaf: X509Certificate, root: X509Certificate): boolean {
  try {
    return leaf.checkIssued(root) && leaf.verify(root.publicKey);
  } catch {
    return false;
  }
}

/** OIDs of RFC 5280, section 4.2.1.12. */
function usageOf({keyUsage}: X509Certificate): string {
  const uses = [
    keyUsage?.includes('1.3.6.1.5.5.7.3.1') && 'server',
    keyUsage?.includes('1.3.6.1.5.5.7.3.2') && 'client',
  ];
  return uses.every(Boolean) ? 'both' : (uses.find((each) => typeof each === 'string') ?? 'none');
}

/** Names no number of days, so that a saved plan still fits the next day. */
function expiry({validFrom, validTo}: X509Certificate, now: Date): string {
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  const left = (to - now.getTime()) / (to - from);
  if (left <= 0) return `${dayOf(validTo)} (expired)`;
  return left < 1 / 3 ? `${dayOf(validTo)} (less than a third left)` : dayOf(validTo);
}

function keyState({from}: CertificateSpec, {text, key, digest}: Found): string {
  if (key === null || digest === '') return 'missing';
  const recorded = text
    .split('\n')
    .find((line) => line.startsWith(RECORD))
    ?.slice(RECORD.length);
  const expected = 'issue' in from ? recorded : digestOf(plainKey((from satisfies OwnCertificate).key));
  return digest === expected && recorded === expected ? BELONGS : 'another one';
}

/** Who may do what with the file of the key, defaults filled in. */
export const keyOwnership = ({mode = '0600', owner = 'root', group = 'root'}: Ownership) => ({mode, owner, group});

/**
 * What is the same of a certificate of one's own wherever it lies: its name, its end, and a digest of the whole chain.
 */
function describe(pem: string): string {
  const blocks = pem.match(BLOCK)?.map((block) => block.replaceAll(/\s/g, '')) ?? [];
  const leaf = parseLeaf(pem);
  if (leaf === undefined) return UNREADABLE;
  const digest = createHash('sha256').update(blocks.join('')).digest('hex').slice(0, 16);
  return `${commonName(leaf.subject)}, until ${dayOf(leaf.validTo)} (${blocks.length} in file, sha256 ${digest})`;
}

/** The authority's own name. */
const nameOf = ({certificate}: Authority): string => commonName(new X509Certificate(certificate).subject);

/** Names as certificates mean them: no upper case, addresses in their canonical form, sorted, each once. */
function plainNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(canonicalAddress))].sort();
}

/** The names of `subjectAltName` as Node writes it: `DNS:web1, IP Address:192.0.2.1`. */
function parseNames(text: string | undefined): readonly string[] {
  return plainNames((text ?? '').split(', ').flatMap((each) => /^(?:DNS|IP Address):(.+)$/.exec(each)?.[1] ?? []));
}

function parseLeaf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const UNREADABLE = 'no certificate';

const commonName = (subject: string) => /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ');

/** A certificate may hold a date that does not exist. */
function dayOf(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? 'a date that cannot be read' : new Date(time).toISOString().slice(0, 10);
}
