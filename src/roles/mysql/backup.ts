import type {z} from 'zod';
import {
  defineRole,
  distributionOf,
  type Handler,
  type Host,
  hostNamed,
  InputError,
  type Items,
  listens,
  privateAddressOf,
  type RoleContext,
  type Task,
} from '../../model/index.js';
import {quote, sh} from '../../shell/index.js';
import {directory, file, packages, restart, service, template} from '../../tasks/index.js';
import {MANAGED, READABLE} from '../shared/managed.js';
import {membersOf} from '../shared/members.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';
import {sshKeyPair} from './backup-key.js';
import {BackupOptions} from './backup-options.js';
import {storeItems, storeProgram} from './backup-store.js';
import {addressOf} from './topology.js';

/**
 * Encrypted backups of the database, made by the servers themselves at times of the day: from the first replica that is
 * healthy, from the primary when there is none. MariaDB is backed up by `mariadb-backup`, MySQL by `mysqldump`;
 * compressed by zstd and encrypted by age before anything is written. Put it in a play after replication and
 * `databaseHealth`, for the database servers and, with `to`, for the host that keeps the backups.
 *
 * @example
 * databaseBackup({recipients: ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p']})
 */
export const databaseBackup = defineRole('databaseBackup', BackupOptions, (options, context) => {
  const {host} = context;
  const servers = membersOf(options.servers, 'databaseBackup', context);
  const isServer = servers.some(({name}) => name === host.name);
  const destination = options.to && hostNamed(context.inventory, options.to.host);
  if (host.name === destination?.name) return isServer ? refuseSame(host) : keeperItems(options, servers, host);
  if (!isServer) throw outside(host, options);
  return [...serverItems(options, servers, context), ...localStore(options)];
});

type Options = z.output<typeof BackupOptions>;

const HOME = '/etc/database-backup';
const PROGRAM = '/usr/local/sbin/database-backup';
const LOGS_TIMER = 'database-backup-logs.timer';
const RESTORE = '/usr/local/sbin/database-restore';
/** The host key of the option, or that of the first connection. */
const PINNED = `${HOME}/known_hosts`;
const LEARNT = '/var/lib/infra/database/backup-known-hosts';

const PRIVATE = {mode: '0600', owner: 'root', group: 'root'} as const;

/** Seconds behind its primary from which on a replica's backup would be too old: the first backup of a day is kept. */
const MAX_LAG = 3600;

const FAMILY = {
  mariadb: {
    kind: 'mbstream',
    tool: 'mariadb-backup',
    client: 'mariadb --no-defaults --skip-ssl',
    position: '@@gtid_binlog_pos',
    packages: ['mariadb-backup'],
  },
  mysql: {kind: 'sql', tool: 'mysqldump', client: 'mysql --no-defaults', position: '@@gtid_executed', packages: []},
} as const;

/** Options of a server on restored files that must not replicate, and of one that must take the binary logs. */
const RESTORES = {
  mariadb: {daemon: 'mariadbd', offline: '--skip-slave-start', writable: '--read-only=OFF'},
  mysql: {
    daemon: 'mysqld',
    offline: '--skip-replica-start --mysqlx=OFF --super-read-only=OFF --read-only=OFF',
    writable: '',
  },
} as const;

function serverItems(options: Options, servers: readonly Host[], context: RoleContext): Items {
  const {family, recipients} = options;
  const vars = {...FAMILY[family], ...variables(options, servers, context)};
  const unit = (name: string, source: string, more: readonly Handler[] = []) =>
    template({path: `/etc/systemd/system/${name}`, source, vars, ...READABLE, notify: [RELOAD_SYSTEMD, ...more]});
  return [
    packages([...FAMILY[family].packages, 'age', 'zstd', ...(options.to ? ['openssh-client'] : [])]),
    directory({path: HOME, mode: '0700', owner: 'root', group: 'root'}),
    file({path: `${HOME}/recipients`, content: `${MANAGED}${recipients.join('\n')}\n`, ...READABLE}),
    ...sshFiles(options, context.host),
    template({
      ...{path: PROGRAM, source: 'mysql/backup.sh', vars, ...READABLE, mode: '0755'},
      validate: (path) => sh`sh -n ${path}`,
    }),
    template({
      ...{path: RESTORE, source: 'mysql/backup-restore.sh', vars: {...vars, ...restoreVariables(options, context)}},
      ...{...READABLE, mode: '0755', validate: (path: string) => sh`sh -n ${path}`},
    }),
    unit('database-backup@.service', 'mysql/backup.service'),
    unit('database-backup.timer', 'mysql/backup.timer', [restart('database-backup.timer')]),
    service({name: 'database-backup.timer'}),
    ...(options.binaryLogs ? logItems(unit) : [service({name: LOGS_TIMER, enabled: false, running: false})]),
  ];
}

function restoreVariables({family}: Options, {facts}: RoleContext) {
  return {
    ...RESTORES[family],
    service: distributionOf(facts).databases[family].service,
    datadir: '/var/lib/mysql',
    // On the file system of the data, so that what was restored is put in place by renaming.
    work: '/var/lib/mysql-restore',
    // Next to a server that runs.
    bufferPool: 256,
  };
}

function logItems(unit: (name: string, source: string, more?: readonly Handler[]) => Task): Items {
  return [
    unit('database-backup-logs.service', 'mysql/backup-logs.service'),
    unit(LOGS_TIMER, 'mysql/backup-logs.timer', [restart(LOGS_TIMER)]),
    service({name: LOGS_TIMER}),
  ];
}

function variables(options: Options, servers: readonly Host[], {host, inventory}: RoleContext) {
  const {to, name, at, healthPort, family} = options;
  const keeper = to && hostNamed(inventory, to.host);
  return {
    ...{family, name, healthPort, to, host: host.name, home: HOME, program: PROGRAM, maxLag: MAX_LAG},
    // zstd's own default: three times smaller than the tables, and faster than a disk.
    level: 3,
    peers: servers.map((each) => ({name: each.name, address: addressOf(each)})),
    schedule: at.map((time) => `*-*-* ${time}:00 UTC`),
    directory: to ? undefined : options.directory,
    destination: to ? `${to.host}:${to.directory}` : `${host.name}:${options.directory}`,
    store: to && keeper ? overSsh(to, keeper) : `${quote(storeProgram(options.directory))} "$@"`,
  };
}

type To = NonNullable<Options['to']>;

/** Of another host only the key made for it is offered, and nothing is asked: a timer has no terminal. */
function overSsh({user, port, hostKey}: To, keeper: Host): string {
  const words = [
    ...['ssh', '-F', 'none', '-T', '-i', `${HOME}/key`, '-p', String(port ?? keeper.port)],
    ...[
      `UserKnownHostsFile=${hostKey === undefined ? LEARNT : PINNED}`,
      'GlobalKnownHostsFile=/dev/null',
      'IdentitiesOnly=yes',
    ],
    ...['BatchMode=yes', 'ConnectTimeout=15', 'ServerAliveInterval=15', 'ServerAliveCountMax=4'],
    ...[
      `StrictHostKeyChecking=${hostKey === undefined ? 'accept-new' : 'yes'}`,
      'Compression=no',
      'HostKeyAlias=database-backup',
    ],
  ].flatMap((word) => (/^[A-Z]\w+=/.test(word) ? ['-o', word] : [word]));
  return `${[...words, '-l', user, '--', privateAddressOf(keeper)].map(quote).join(' ')} "$@"`;
}

function sshFiles({to}: Options, host: Host): Items {
  if (to === undefined) return [];
  const {privateKey} = sshKeyPair(to.key, host.name);
  const pinned = to.hostKey?.split(' ').slice(0, 2).join(' ');
  return [
    file({path: `${HOME}/key`, content: privateKey, ...PRIVATE}),
    ...(pinned ? [file({path: PINNED, content: `database-backup ${pinned}\n`, ...PRIVATE})] : []),
  ];
}

function localStore(options: Options): Items {
  if (options.to) return [];
  return storeItems({directory: options.directory, keep: options.keep, user: undefined});
}

/** The host that keeps the backups of the database servers. */
function keeperItems({to, keep, servers: group}: Options, servers: readonly Host[], host: Host): Items {
  if (to === undefined) return [];
  const keys = servers.map((each) => ({
    key: sshKeyPair(to.key, each.name).publicKey,
    from: privateAddressOf(each),
  }));
  const {directory: path, user} = to;
  return [
    listens({tcp: to.port ?? host.port, from: {group}, because: 'backups of the database'}),
    ...storeItems({directory: path, keep, user: {name: user, keys}}),
  ];
}

function refuseSame({name}: Host): never {
  const message = `role databaseBackup: ${name} is a database server, and is to keep the backups`;
  throw new InputError([{message, hint: 'Leave out "to", or name a host that survives the loss of this one.'}]);
}

function outside({name}: Host, {servers, to}: Options): InputError {
  const message = `role databaseBackup: ${name} is neither in the group "${servers}" nor the destination`;
  const hint = `Use it in a play for ${to ? `'${servers}:${to.host}'` : `'${servers}'`}.`;
  return new InputError([{message, hint}]);
}
