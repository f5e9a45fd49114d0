import {HostError} from '../model/index.js';
import type {OperationHosts, OperationStep} from './operation.js';
import {reportOf} from './server-steps.js';
import type {AnsweringNode, DatabaseNode, DatabaseSite} from './site.js';

/** A new primary, and what was attached to it. */
interface Attached {
  readonly site: Pick<DatabaseSite, 'servers'>;
  readonly candidate: AnsweringNode;
  readonly followers: readonly AnsweringNode[];
  /** Names of servers that need not follow. */
  readonly old: readonly string[];
}

/** Seconds for replicas to receive: they have been attached just before. */
const WITHIN = 20;

/**
 * Makes sure that every server follows the new primary that was attached to it, or that answers again; `left` were left
 * with data of their own. Undefined where there is none.
 */
export function followed(attached: Attached, left: ReadonlySet<string>): OperationStep | undefined {
  const {site, candidate, followers, old} = attached;
  const mustAnswer = (node: DatabaseNode) => followers.some(({host}) => host === node.host);
  const mayAnswer = ({host, isReached, report}: DatabaseNode) =>
    host !== candidate.host && isReached && !report && !old.includes(host.name);
  const nodes = site.servers.filter((node) => mustAnswer(node) || mayAnswer(node));
  if (nodes.length === 0) return undefined;
  return {
    host: candidate.host.name,
    text: 'check that the others follow it',
    run: async (hosts) => {
      const checked = nodes.filter(({host}) => !left.has(host.name));
      const faults = await Promise.all(checked.map((node) => faultOf(node, attached, mustAnswer(node), hosts)));
      const found = faults.filter((fault) => fault !== undefined);
      if (found.length === 0) return undefined;
      const hint = `Attach it: infra db rejoin ${checked[faults.findIndex((fault) => fault !== undefined)]?.host.name}`;
      throw new HostError({reason: 'not-converged', message: found.join('; '), hint});
    },
  };
}

async function faultOf(
  {host: {name}}: DatabaseNode,
  {candidate}: Attached,
  mustAnswer: boolean,
  hosts: OperationHosts,
): Promise<string | undefined> {
  for (let tries = 0; ; tries++) {
    const report = await reportOf(name, hosts).catch(() => undefined);
    if (!report) return mustAnswer ? `${name} does not answer` : undefined;
    const {following} = report;
    if (following?.source !== candidate.address) return `${name} does not follow ${candidate.host.name}`;
    if (following.io === 'yes' && following.sql) return undefined;
    if (tries >= WITHIN) return `${name} does not replicate: ${following.error || 'its threads are stopped'}`;
    await new Promise((done) => setTimeout(done, 1000));
  }
}
