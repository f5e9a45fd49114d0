import type {z} from 'zod';
import {InputError, type Items, type RoleContext, versionsOf} from '../../model/index.js';
import {reloadTls} from '../../tasks/index.js';
import {authorityFile, certificateFor} from '../certificates/index.js';
import {tlsSettings} from '../shared/mozilla.js';
import type {ServerOptions} from './options.js';
import {addressOf} from './topology.js';

/** The one place below /etc where AppArmor lets MySQL read them. */
export const TLS_FILES = {
  authority: '/etc/mysql/tls/ca.pem',
  certificate: '/etc/mysql/tls/server.pem',
  key: '/etc/mysql/tls/server-key.pem',
} as const;

type Options = z.output<typeof ServerOptions>;

/**
 * The server's certificate, its key and the authority's certificate, which the replica's connections are verified with.
 * It is valid for the host's inventory name and its address, under which replicas connect. A renewed one is taken into
 * use without a restart. Throws `InputError` when nobody says whose certificates are to be trusted.
 */
export function tlsFiles({family, tls}: Options, context: RoleContext): Items {
  if (tls === undefined) return [];
  const {certificate: source, authority = 'issue' in source ? source : undefined} = tls;
  if (authority === undefined) throw noAuthority(context.host.name);
  const notify = reloadTls(family, TLS_FILES.certificate);
  const {authority: path, certificate, key} = TLS_FILES;
  const names = [context.host.name, addressOf(context.host), ...tls.names];
  return [
    ...authorityFile(authority, {path, notify}),
    ...certificateFor(source, {names, path: certificate, key, owner: 'mysql', group: 'mysql', notify}, context),
  ];
}

/** What the option file's template is told. */
export function tlsVariables({tls}: Options, {facts}: RoleContext) {
  if (tls === undefined) return undefined;
  const {protocols, ciphers, suites} = tlsSettings('intermediate', versionsOf(facts).openssl);
  return {...TLS_FILES, require: tls.require, protocols, ciphers, suites};
}

function noAuthority(host: string): InputError {
  const message = `role mysqlServer: nobody says whose certificates ${host} is to trust`;
  return new InputError([{message, hint: 'give tls.authority: {certificate: …}, the PEM text of your authority'}]);
}
