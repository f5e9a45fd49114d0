import type {z} from 'zod';
import {bareAddress, InputError, type Items, isAddress, type RoleContext, versionsOf} from '../../model/index.js';
import {reloadTls} from '../../tasks/index.js';
import {authorityFile, certificateFor} from '../certificates/index.js';
import {tlsSettings} from '../shared/mozilla.js';
import type {ServerOptions} from './server-options.js';
import {addressOf} from './topology.js';

/** The TLS files, in the only directory below /etc where AppArmor lets MySQL read them. */
export const TLS_FILES = {
  authority: '/etc/mysql/tls/ca.pem',
  certificate: '/etc/mysql/tls/server.pem',
  key: '/etc/mysql/tls/server-key.pem',
} as const;

type Options = z.output<typeof ServerOptions>;

/**
 * The server's certificate, its key, and the authority's certificate, by which replicas verify the server. The
 * certificate is valid for the host's inventory name and its address, to which replicas connect. A renewed one is
 * loaded without a restart. Throws `InputError` when no authority to trust is known.
 */
export function tlsFiles({family, tls}: Options, context: RoleContext): Items {
  if (tls === undefined) return [];
  const {certificate: source, authority = 'issue' in source ? source : undefined} = tls;
  if (authority === undefined) throw noAuthority(context.host.name);
  const notify = reloadTls(family, TLS_FILES.certificate);
  const {authority: path, certificate, key} = TLS_FILES;
  const names = [
    context.host.name,
    addressOf(context.host),
    ...tls.names.map((each) => (isAddress(each) ? bareAddress(each) : each)),
  ];
  return [
    ...authorityFile(authority, {path, notify}),
    ...certificateFor(source, {names, path: certificate, key, owner: 'mysql', group: 'mysql', notify}, context),
  ];
}

/** The variables of the option file's template. */
export function tlsVariables({tls}: Options, {facts}: RoleContext) {
  if (tls === undefined) return undefined;
  const {protocols, ciphers, suites} = tlsSettings('intermediate', versionsOf(facts).openssl);
  return {...TLS_FILES, require: tls.require, protocols, ciphers, suites};
}

function noAuthority(host: string): InputError {
  const message = `role mysqlServer: ${host} has a certificate, but no authority to trust`;
  return new InputError([{message, hint: 'Give tls.authority: {certificate: …}, the PEM text of your authority.'}]);
}
