import {sh} from '../../shell/index.js';
import {receivesNothing} from '../failover-steps.js';
import type {Gtids} from '../gtid.js';
import {render} from '../gtid.js';
import {DATABASE_DIRECTORY, MUST_SEED} from '../journal.js';
import type {OperationStep} from '../operation.js';
import {answering, type DatabaseNode, type DatabaseSite, follows} from '../site.js';

/**
 * Before a server is restored, its replicas leave it: it uses numbers again that they have, and they would take its
 * transactions for known ones. `restored`: the transactions in the backup, which both have.
 */
export function leaveReplicas(site: DatabaseSite, node: DatabaseNode, restored: Gtids): readonly OperationStep[] {
  const replicas = answering(site).filter((each) => follows(each, node));
  return [
    ...replicas.map((each) => receivesNothing(site, each, node.host.name)),
    // An older note holds: it is about an earlier state that both have.
    ...replicas.filter(({report}) => !report.mustSeed).map((each) => needsCopy(each.host.name, restored)),
  ];
}

/** Its transactions are not those of a restored primary, although their numbers are the same. */
function needsCopy(name: string, restored: Gtids): OperationStep {
  return {
    host: name,
    text: 'note that only a copy makes it a replica again: infra db seed',
    run: async (hosts) => {
      await hosts.ask(
        name,
        sh`(umask 077 && mkdir -p ${DATABASE_DIRECTORY} && printf '%s\n' ${render(restored)} >${MUST_SEED} && sync ${MUST_SEED} ${DATABASE_DIRECTORY})`,
      );
      return undefined;
    },
    undo: {text: 'forget the note', run: (hosts) => hosts.ask(name, sh`rm -f ${MUST_SEED}`)},
  };
}
