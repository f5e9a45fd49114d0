import {isIP} from 'node:net';
import type {z} from 'zod';
import {defineRole, InputError, type Items, privateAddressOf, type RoleContext} from '../../model/index.js';
import {Secret} from '../../shell/index.js';
import {block, directory, template} from '../../tasks/index.js';
import {authorityFile} from '../certificates/index.js';
import {READABLE} from '../shared/managed.js';
import {membersOf} from '../shared/members.js';
import {ClientOptions} from './options.js';
import {reader} from './reader.js';

/**
 * What an application needs to reach the database through the balancers and to verify it. It writes a line in
 * `/etc/hosts` for the service's name, and these files in `/etc/infra/database`:
 *
 * - `ca.pem`: the authority's certificate.
 * - `client.cnf`: for `mariadb --defaults-file=…`, with `--defaults-group-suffix=-read` for the port for reads, and
 *   `environment`: for `EnvironmentFile=` of systemd. The group of `user` may read them.
 * - `migrations.cnf` and `migrations.environment`: the same with the account that changes tables. Only root may read
 *   them.
 *
 * A new password changes the files, and `notify` has the application use them. Make the user before this role. Throws
 * `InputError` where no address of the balancers is of the IP family of the host's own.
 *
 * @example
 * databaseClient({
 *   user: 'app',
 *   name: 'db.example.org',
 *   address: '192.0.2.100',
 *   database: 'app',
 *   account: {name: 'app', password: secret('mysql/app')},
 *   authority: await authority(),
 *   notify: restart('app'),
 * })
 */
export const databaseClient = defineRole('databaseClient', ClientOptions, (options, context) => {
  const {user, group = user, name, account, migrations, notify} = options;
  const own = {mode: '0640', owner: 'root', group};
  const rootOnly = {mode: '0600', owner: 'root', group: 'root'};
  const lines = addressesFor(options, context).map((address) => `${address} ${name}`);
  return [
    reader({user, group}),
    block({path: '/etc/hosts', name: `database ${name}`, block: lines.join('\n')}),
    ...['/etc/infra', DIRECTORY].map((path) => directory({path, ...READABLE, mode: '0755'})),
    ...authorityFile(options.authority, {path: CA, notify}),
    ...filesOf(account, ['client.cnf', 'environment'], {...options, ...own}),
    ...(migrations ? filesOf(migrations, ['migrations.cnf', 'migrations.environment'], {...options, ...rootOnly}) : []),
  ];
});

const DIRECTORY = '/etc/infra/database';
const CA = `${DIRECTORY}/ca.pem`;

type Options = z.output<typeof ClientOptions>;

/** Who may read a file. */
interface Ownership {
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/** The option file and the environment file of an account. The application is told only about its own. */
function filesOf(
  account: Options['account'],
  [optionFile, environment]: readonly [string, string],
  {mode, owner, group, ...options}: Options & Ownership,
): Items {
  const {name, database, writePort, readPort, family, url} = options;
  const isOwn = account === options.account;
  const vars = {
    ...{host: name, database, writePort, readPort, family, authority: CA, account},
    urls: url && {write: urlOf(account, writePort, options), read: urlOf(account, readPort, options)},
  };
  const more = {vars, mode, owner, group, ...(isOwn && {notify: options.notify})};
  return [
    template({path: `${DIRECTORY}/${optionFile}`, source: 'database-client/client.cnf', ...more}),
    template({path: `${DIRECTORY}/${environment}`, source: 'database-client/environment', ...more}),
  ];
}

/** A URL with the password in it, percent-encoded (RFC 3986). */
function urlOf(account: Options['account'], port: number, {name, database, url}: Options): Secret {
  const clear = encodeURIComponent(account.password.reveal());
  const query = new URLSearchParams(url).toString();
  const text = `mysql://${account.name}:${clear}@${name}:${port}/${database}${query && `?${query}`}`;
  return new Secret(text, account.password.isPlaceholder);
}

/**
 * The balancers' addresses of one IP family: that of the address by which the balancers know this host. From another
 * address of the host they would refuse a connection.
 */
function addressesFor({address, balancers}: Options, context: RoleContext): readonly string[] {
  const {host} = context;
  const all = address ?? membersOf(balancers, 'databaseClient', context).map(privateAddressOf);
  const own = isIP(privateAddressOf(host));
  const usable = all.filter((each) => isIP(each) === own && own !== 0);
  if (usable.length > 0) return usable;
  const message = `role databaseClient: ${host.name} is ${privateAddressOf(host)}, and the balancers are ${all.join(', ')}`;
  const hint = 'Give the host and the balancers an IP address of the same family as address or private_address.';
  throw new InputError([{message, at: host.at, hint}]);
}
