import {defineRole} from '../../model/index.js';
import {mysqlReadOnly} from '../../tasks/index.js';
import {optionsOf} from '../shared/options.js';

/**
 * Has the primary wait for its replicas before it acknowledges a write, where `mysqlServer` has `semiSync`. Put it in a
 * play for the primary after the one that attaches the replicas: before, the first write would wait for ever. After a
 * restart or a promotion, what opens writes switches it on first.
 *
 * @example
 * play('semi-sync', {hosts: 'primary', needs: ['replica']}, [mysqlSemiSync()])
 */
export const mysqlSemiSync = defineRole('mysqlSemiSync', optionsOf({}), () => [
  mysqlReadOnly({readOnly: false, semiSync: true}),
]);
