import {createHash} from 'node:crypto';
import {posix} from 'node:path';
import {type Handler, InputError, type Items, isHostName} from '../../model/index.js';
import {join, quote, sh} from '../../shell/index.js';
import {RENEWED} from '../../tasks/certificate/files.js';
import {apt, certificate, directory, file, restart, service, template} from '../../tasks/index.js';
import {READABLE} from '../shared/readable.js';
import type {AcmeCertificate} from './acme.js';

/** What a certificate of an ACME authority is for. */
export interface AcmeRequest {
  readonly names: readonly string[];
  /** The one file with certificate, chain and key. */
  readonly path: string;
  readonly notify?: Handler | readonly Handler[] | undefined;
}

/**
 * Everything that a host needs to get a certificate and renew it by itself: Debian's lego, run by a systemd timer
 * as a user of its own, and a placeholder until then. As root runs only what puts the result in place. Whoever
 * answers on port 80 must give the challenges' tokens with the account's thumbprint. Throws `InputError`.
 */
export function acmeItems(source: AcmeCertificate, {names, path, notify = []}: AcmeRequest, host: string): Items {
  // Named after the file: other names for it must not leave a second timer behind.
  const unit = posix.basename(path, '.pem');
  const home = `/etc/acme/${unit}`;
  const own = {name: nameOf(names), unit, home, path: quote(path), load: loading(notify), mark: RENEWED};
  const vars = {...wordsOf(source, names, home), ...own};
  const script = (part: string) =>
    template({path: `${home}/${part}`, source: `acme/${part}`, ...READABLE, mode: '0755', vars, notify: again});
  const again = restart(`acme-${unit}.timer`);
  const systemd = (kind: string) =>
    template({
      path: `/etc/systemd/system/acme-${unit}.${kind}`,
      source: `acme/acme.${kind}`,
      ...READABLE,
      vars: {...vars, minute: minuteOf(`${host} ${unit}`)},
      notify: again,
    });
  return [
    apt(['lego', 'openssl', 'socat', 'ca-certificates']),
    directory({path: home, ...READABLE, mode: '0755'}),
    file({
      path: `${home}/account.key`,
      content: source.accountKey.key,
      mode: '0600',
      owner: 'root',
      group: 'root',
    }),
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
  const hint = 'name hosts in full, without wildcards; other names get certificates of an authority of your own';
  throw new InputError([{message: `no ACME authority can look at "${wrong}" over HTTP`, hint}]);
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

/** What has the new certificate read, as text of a script. */
const loading = (notify: Handler | readonly Handler[]) =>
  join([sh`:`, ...[notify].flat().map(({command}) => command)], '\n').reveal();

/** The same each time for a host, so that two balancers do not ask at once. */
const minuteOf = (seed: string): number => createHash('sha256').update(seed).digest().readUInt32BE() % 60;
