import {sh} from '../shell/index.js';
import {receivesNothing} from './failover-steps.js';
import {DATABASE_DIRECTORY, MUST_SEED} from './journal.js';
import type {OperationStep} from './operation.js';
import {answering, type DatabaseNode, type DatabaseSite, follows} from './site.js';

/**
 * Before a server is restored, its replicas leave it: it uses numbers again that they have, and they would take its
 * transactions for known ones.
 */
export function leaveReplicas(site: DatabaseSite, node: DatabaseNode): readonly OperationStep[] {
  const replicas = answering(site).filter((each) => follows(each, node));
  return [
    ...replicas.map((each) => receivesNothing(site, each, node.host.name)),
    ...replicas.map((each) => needsCopy(each.host.name)),
  ];
}

/** Its transactions are not those of a restored primary, although their numbers are the same. */
function needsCopy(name: string): OperationStep {
  return {
    host: name,
    text: 'note that only a copy makes it a replica again: infra db seed',
    run: async (hosts) => {
      await hosts.ask(
        name,
        sh`(umask 077 && mkdir -p ${DATABASE_DIRECTORY} && : >${MUST_SEED} && sync ${DATABASE_DIRECTORY})`,
      );
      return undefined;
    },
    undo: {text: 'forget the note', run: (hosts) => hosts.ask(name, sh`rm -f ${MUST_SEED}`)},
  };
}
