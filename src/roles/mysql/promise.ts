import type {z} from 'zod';
import {type Host, InputError, type RoleContext} from '../../model/index.js';
import {FOREVER} from '../../tasks/mysql/writes.js';
import type {ServerOptions} from './server-options.js';
import {type ServerGroups, serversIn} from './topology.js';

type Options = z.output<typeof ServerOptions>;

/**
 * The variables of semi-synchronous replication for the option file, and the promise in words. Throws `InputError` for
 * more acknowledgements than there are replicas, and than the server can wait for.
 */
export function semiSyncVariables(options: Options, context: RoleContext) {
  const {family, semiSync} = options;
  const replicas = replicasOf(options, context);
  if (semiSync === undefined) return {promise: replicas === 0 ? [] : ASYNCHRONOUS, semiSync: undefined};
  const {acks, onReplicaLoss, degradeAfter = DEGRADE_AFTER} = semiSync;
  const fault = faultOf(options, replicas);
  if (fault) throw refused(context.host, ...fault);
  const isKept = onReplicaLoss === 'stop';
  return {
    promise: isKept ? kept(acks, replicas) : degrading(acks, replicas, degradeAfter),
    semiSync: {acks, timeout: isKept ? FOREVER[family] : String(degradeAfter * 1000)},
  };
}

/** Every other server of the database: after they swap roles, too. */
export function replicasOf(groups: ServerGroups, context: RoleContext): number {
  return Math.max(0, serversIn(groups, context).length - 1);
}

function faultOf({family, semiSync}: Options, replicas: number): readonly [string, string] | undefined {
  if (semiSync === undefined) return undefined;
  const {acks, onReplicaLoss, degradeAfter} = semiSync;
  if (acks > replicas) {
    const are = replicas === 1 ? 'is 1 replica' : `are ${replicas} replicas`;
    return [`semiSync.acks is ${acks}, but there ${are}: no write would ever be acknowledged`, MORE_REPLICAS];
  }
  if (acks > 1 && family === 'mariadb')
    return [`semiSync.acks is ${acks}, but MariaDB waits for one replica only`, 'Leave it out, or use MySQL.'];
  if (degradeAfter !== undefined && onReplicaLoss === 'stop')
    return ["semiSync.degradeAfter has no meaning with onReplicaLoss: 'stop', which waits for ever", 'Leave it out.'];
  return undefined;
}

const MORE_REPLICAS = 'Put more hosts in the group of the replicas, or leave semiSync out.';

function refused({name, at}: Host, message: string, hint: string): InputError {
  return new InputError([{message: `role mysqlServer: on ${name}, ${message}`, at, hint}]);
}

/** Seconds. The default of both servers. */
const DEGRADE_AFTER = 10;

const ASYNCHRONOUS = [
  'Asynchronous replication: an acknowledged write may be lost if the primary dies before a replica has it.',
];

function kept(acks: number, replicas: number): string[] {
  const loss = acks === 1 ? 'one server' : `${acks} servers`;
  return [
    `Writes wait for ${acks} of ${replicas} ${plural('replica', replicas)}; an acknowledged write survives the loss of ${loss}.`,
    `With fewer than ${acks} ${plural('replica', acks)} attached, writes wait until one returns.`,
  ];
}

function degrading(acks: number, replicas: number, seconds: number): string[] {
  return [
    `Writes wait for ${acks} of ${replicas} ${plural('replica', replicas)}, but at most ${seconds} s.`,
    'After that they are acknowledged without, and such a write may be lost if the primary dies.',
  ];
}

const plural = (word: string, count: number) => (count === 1 ? word : `${word}s`);
