import {isIP} from 'node:net';
import {posix} from 'node:path';
import {Content, check, defineTask, optionsOf, type Refused} from '../../model/index.js';
import {type Command, Secret} from '../../shell/index.js';
import {giveInPlace} from '../shared/give.js';
import {makeDirectory} from '../shared/make-directory.js';
import {OWNERSHIP, refuseOwnership} from '../shared/ownership.js';
import {refusePath} from '../shared/path.js';
import {writeFile} from '../shared/write.js';
import {type Files, parseFound, probeFiles, renderFiles} from './files.js';
import type {CertificateSpec, CertificateState} from './spec.js';
import {desiredCertificate, keyOwnership, RIGHTS, stateOf} from './state.js';
import {writePair} from './write-pair.js';

const issuer = check.custom<CertificateSpec['from']>(
  'an authority, or a certificate with its key',
  'Write await authority(), or ownCertificate({…}).',
  (value) => check.isObject(value) && ('issue' in value || ('certificate' in value && 'key' in value)),
);

/**
 * A TLS certificate with its private key, issued by an authority when the change is made, or one of one's own. A new
 * one is issued when less than a third of its life is left, when it is not this authority's, when names or purpose
 * differ, and when the key next to it is not its own. Certificate and key change together. A directory that is missing
 * is made, with mode 0755.
 *
 * @example
 * certificate({path: '/etc/app/tls.pem', from: await authority(), names: ['app.example.org'], notify: reload('app')})
 */
export const certificate = defineTask<CertificateSpec, CertificateState>({
  type: 'certificate',
  options: optionsOf<CertificateSpec>({
    path: check.text,
    key: check.optional(check.text),
    from: issuer,
    names: check.list(check.text),
    usage: check.optional(check.oneOf('server', 'client', 'both')),
    days: check.optional(check.wholeNumber(1)),
    placeholder: check.optional(check.flag),
    ...OWNERSHIP,
  }),
  id: ({path}) => path,
  refuse,
  probe: ({path, key = path}) => probeFiles(path, key),
  parse: (reply, spec) => stateOf(spec, parseFound(reply, spec.path, spec.key ?? spec.path), new Date()),
  desire: desiredCertificate,
  change: (spec, to) => {
    const isNew = Object.keys(to ?? {}).some((name) => !RIGHTS.includes(name));
    return isNew ? Object.assign(() => issue(spec), {request: requestOf(spec)}) : rights(spec, to ?? {});
  },
  affects: ({path, key = path}) => [path, key],
});

async function issue(spec: CertificateSpec): Promise<readonly Command[]> {
  const {from, names, usage = 'server', days} = spec;
  const leaf = 'issue' in from ? await from.issue({names, usage, days}) : from;
  const directories = [...new Set([spec.path, spec.key ?? spec.path].map(posix.dirname))];
  return [
    ...directories.map((directory) => makeDirectory(directory, '0755')),
    write(spec, renderFiles(leaf, spec.key !== undefined, spec.placeholder)),
  ];
}

/** Not the certificate itself, which is another one each time it is issued. */
function requestOf({from, names, usage, days, path, key, placeholder, ...spec}: CertificateSpec): string {
  const source = 'issue' in from ? [from.certificate] : [from.certificate, from.key.reveal()];
  const {mode, owner, group} = keyOwnership(spec);
  return JSON.stringify({source, names, usage, days, path, key, placeholder, mode, owner, group});
}

/** The key first: it is the one that is put back when the certificate cannot take its place. */
function write({path, key: keyPath, ...spec}: CertificateSpec, {certificate, key}: Files): Command {
  const to = keyOwnership(spec);
  const clear = certificate instanceof Secret ? certificate.reveal() : certificate;
  if (keyPath === undefined || key === undefined) {
    return writeFile({path, content: Content.of(clear, true), to});
  }
  const secret = Content.of(key.reveal(), true);
  return writePair({path: keyPath, content: secret, to}, {path, content: Content.of(clear), to: PUBLIC});
}

const PUBLIC = {mode: '0644', owner: 'root', group: 'root'};

function rights(
  spec: CertificateSpec,
  {mode, owner, group, ...to}: Partial<CertificateState>,
): (Command | undefined)[] {
  return [
    giveInPlace(spec.key ?? spec.path, {mode, owner, group}, mode),
    to['certificate file'] === undefined ? undefined : giveInPlace(spec.path, PUBLIC, PUBLIC.mode),
  ];
}

function refuse(spec: CertificateSpec): Refused | undefined {
  const {path, key, names} = spec;
  if (names.length === 0) return `${path}: list in names what it is valid for`;
  const strange = names.find((name) => isIP(name) === 0 && !/^(\*\.)?[a-z\d]([a-z\d._-]*[a-z\d])?$/i.test(name));
  if (strange !== undefined) return `${path}: "${strange}" is neither a host name nor an address`;
  if (key === path) return `${path}: leave key out to have both in one file`;
  return (
    refusePath(path) ?? (key === undefined ? undefined : refusePath(key)) ?? refuseOwnership(spec) ?? refuseMode(spec)
  );
}

/** Other users must not be able to read a private key (CWE-732). */
function refuseMode({path, mode}: CertificateSpec): string | undefined {
  const isOpen = mode !== undefined && /[^0]$/.test(mode);
  return isOpen ? `${path}: the mode ${mode} lets other users read the private key` : undefined;
}
