import {Describer} from '../../src/diff/index.js';
import type {JudgedHost, Plan} from '../../src/model/index.js';
import {type PlanRecord, type RecordOptions, recordPlan} from '../../src/plans/index.js';

/** A plan as the engine has it, with live tasks. */
export interface LivePlan {
  readonly playbook: string;
  readonly hosts: readonly JudgedHost[];
}

type Mask = (text: string) => string;

/** The plan that people and files get. */
export function dataOf({playbook, hosts}: LivePlan, mask?: Mask): Plan {
  const describer = new Describer(mask);
  return {playbook, hosts: hosts.map((host) => describer.host(host))};
}

/** The plan as it is saved. */
export function recordOf(live: LivePlan, recording: RecordOptions): PlanRecord {
  const plan = dataOf(live, recording.mask);
  const hosts = plan.hosts.flatMap((host, index) => {
    const judged = live.hosts[index];
    return judged ? [{plan: host, judged}] : [];
  });
  return recordPlan(live.playbook, hosts, recording);
}
