import type {OperationStep} from './operation.js';
import {promiseOf} from './promise.js';
import {reportOf, waitForReplicas} from './server-steps.js';
import type {AnsweringNode, DatabaseSite} from './site.js';

/** Where the playbook says so: writes of the primary wait for replicas again, when one is connected. */
export function waitAgain(site: DatabaseSite, {host}: AnsweringNode): readonly OperationStep[] {
  if (site.acks === 0) return [];
  const step: OperationStep = {
    host: host.name,
    text: 'have writes wait for replicas again',
    run: async (hosts) => {
      const {semiSync} = await reportOf(host.name, hosts);
      const acks = Math.min(site.acks, semiSync.connected);
      if (acks === 0) return 'no replica is connected yet';
      await hosts.ask(host.name, waitForReplicas(site.family, acks));
      return promiseOf(site, acks);
    },
  };
  return [step];
}
