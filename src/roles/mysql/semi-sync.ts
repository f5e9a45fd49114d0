import {z} from 'zod';
import {defineRole, oneOrCounted, warning} from '../../model/index.js';
import {mysqlReadOnly} from '../../tasks/index.js';
import {groupName, optionsOf} from '../shared/options.js';
import {clusterOf} from './cluster.js';

/** The options of a primary whose writes wait. */
const SemiSyncRoleOptions = optionsOf({
  /** How many replicas acknowledge a write: the same as in `mysqlServer`. Default 1. */
  acks: z.int('must be a whole number').min(1, 'must be at least 1').default(1),
  /** The group of the first primary. Default `primary`. */
  primary: groupName.default('primary'),
  /** The group of the first replicas. Default `replica`. */
  replicas: groupName.default('replica'),
});

/**
 * Has the primary wait for its replicas before it acknowledges a write, where `mysqlServer` has `semiSync`. Put it in a
 * play for all servers after the one that attaches the replicas: before, the first write would wait for ever. After a
 * restart or a promotion, what opens writes switches it on first. Where too few replicas follow the primary, as after a
 * failover, nothing is changed, and the plan says so: writes would stop.
 *
 * @example
 * play('semi-sync', {hosts: 'db', needs: ['replica']}, [mysqlSemiSync()])
 */
export const mysqlSemiSync = defineRole('mysqlSemiSync', SemiSyncRoleOptions, (options, context) => {
  const {primary, servers, lost} = clusterOf(options, 'mysqlSemiSync', context);
  if (primary.name !== context.host.name) return [];
  const {acks} = options;
  if (servers.length - 1 - lost.length >= acks) return [mysqlReadOnly({readOnly: false, semiSync: true})];
  const names = lost.map(({name}) => name).join(', ');
  return [
    warning(
      `Writes on ${primary.name} do not wait for ${oneOrCounted(acks, 'replica')}: too few follow it. ` +
        `An acknowledged write may be lost until they do: infra db rejoin ${names}`,
    ),
  ];
});
