import {createHash} from 'node:crypto';
import {posix} from 'node:path';
import {distributionOf, type Handler, InputError, type Items, isHostName, type RoleContext} from '../../model/index.js';
import {join, quote, sh} from '../../shell/index.js';
import {RENEWED} from '../../tasks/certificate/files.js';
import {certificate, directory, file, packages, restart, service, template} from '../../tasks/index.js';
import {READABLE} from '../shared/managed.js';
import type {AcmeCertificate} from './acme.js';

/** A certificate that a host gets from an ACME authority. */
export interface AcmeRequest {
  readonly names: readonly string[];
  /** The one file with certificate, chain and key. */
  readonly path: string;
  readonly notify?: Handler | readonly Handler[] | undefined;
}

/**
 * Everything that a host needs to get a certificate and renew it by itself: lego, run by a systemd timer as a
 * user of its own, and a placeholder until then. Only the script that puts the result in place runs as root. The server
 * on port 80 must answer challenges with the token and the account's thumbprint. Throws `InputError` for names that are
 * not public.
 */
export function acmeItems(
  source: AcmeCertificate,
  {names, path, notify = []}: AcmeRequest,
  {host, facts}: Pick<RoleContext, 'host' | 'facts'>,
): Items {
  // Named after the file: when its names change, no second timer stays.
  const unit = posix.basename(path, '.pem');
  const home = `/etc/acme/${unit}`;
  const own = {name: nameOf(names), unit, home, path: quote(path), load: loadCommands(notify), mark: RENEWED};
  const vars = {...wordsOf(source, names, home), ...own};
  const script = (part: string) =>
    template({path: `${home}/${part}`, source: `acme/${part}`, ...READABLE, mode: '0755', vars, notify: again});
  const again = restart(`acme-${unit}.timer`);
  const systemd = (kind: string) =>
    template({
      path: `/etc/systemd/system/acme-${unit}.${kind}`,
      source: `acme/acme.${kind}`,
      ...READABLE,
      vars: {...vars, minute: minuteOf(`${host.name} ${unit}`)},
      notify: again,
    });
  return [
    packages(distributionOf(facts).packages.acme),
    directory({path: home, ...READABLE, mode: '0755'}),
    file({path: `${home}/account.key`, content: source.accountKey.key, mode: '0600', owner: 'root', group: 'root'}),
    ...(source.trust ? [file({path: `${home}/directory.pem`, content: source.trust.certificate, ...READABLE})] : []),
    ...['request', 'deploy'].map(script),
    ...['service', 'timer'].map(systemd),
    certificate({path, names, from: source.until, placeholder: true, notify}),
    service({name: `acme-${unit}.timer`}),
  ];
}

function nameOf(names: readonly string[]): string {
  const wrong = names.find((name) => !isHostName(name) || !name.includes('.'));
  if (wrong === undefined && names[0] !== undefined) return names[0].toLowerCase();
  const hint = 'Give full host names, without wildcards. For other names take certificates of your own authority.';
  throw new InputError([{message: `an ACME authority cannot check "${wrong}" over HTTP`, hint}]);
}

/** Words of the scripts, quoted. lego names its directories after the directory's host and the account. */
function wordsOf({directory, email, trust, accountKey}: AcmeCertificate, names: readonly string[], home: string) {
  const {host} = new URL(directory);
  return {
    thumbprint: accountKey.thumbprint,
    directory: quote(directory),
    email: quote(email),
    account: quote(`accounts/${host.replaceAll(':', '_')}/${email}`),
    label: quote(names.join(' ').toLowerCase()),
    names: names.map((name) => quote(name.toLowerCase())),
    trust: trust && quote(`${home}/directory.pem`),
  };
}

/** The commands that load the new certificate, as text of a script. */
const loadCommands = (notify: Handler | readonly Handler[]) =>
  join([sh`:`, ...[notify].flat().map(({command}) => command)], '\n').reveal();

/** Always the same for a host, and different for two balancers, so that they do not ask at the same time. */
const minuteOf = (seed: string): number => createHash('sha256').update(seed).digest().readUInt32BE() % 60;
