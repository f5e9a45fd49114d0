import {type Facts, type Host, HostError, type Play, type RoleContext} from '../../model/index.js';
import type {Fleet} from '../connect/host-pool.js';
import {compileHost, type TaskList} from './compile.js';

/** What compiling a host's plays needs beside the facts of others. */
export type OwnContext = Omit<RoleContext, 'factsOf' | 'openings'>;

/**
 * Compiles a host's plays; what roles want to know of other hosts is fetched, and then they are compiled anew: roles
 * are pure, so that is the same as having known it before. Rejects with `HostError` `other-host-failed`.
 */
export async function compileKnowing(plays: readonly Play[], own: OwnContext, fleet: Fleet): Promise<TaskList[]> {
  const known = new Map<string, Facts>([[own.host.name, own.facts]]);
  for (;;) {
    const asked: Host[] = [];
    const factsOf = (host: Host): Facts => {
      const facts = known.get(host.name);
      if (facts) return facts;
      asked.push(host);
      throw new Error(`the facts of ${host.name} are not known yet`);
    };
    const lists = attempt(() => compileHost(plays, {...own, factsOf}), asked);
    if (asked.length === 0 && lists) return lists;
    for (const host of asked) known.set(host.name, (await needing(host, 'the facts of', fleet.reach(host))).facts);
  }
}

/** What is thrown for want of facts is no fault, whatever the role makes of it. */
function attempt<T>(compile: () => T, asked: readonly Host[]): T | undefined {
  try {
    return compile();
  } catch (error) {
    if (asked.length > 0) return undefined;
    throw error;
  }
}

/** The failure of another host as one of the host that needs it, which may be out of the limit. */
export async function needing<T>(host: Host, what: string, reaching: Promise<T>): Promise<T> {
  try {
    return await reaching;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new HostError({
      reason: 'other-host-failed',
      message: `it needs ${what} ${host.name}: ${error.failure.message}`,
      hint: error.failure.hint,
    });
  }
}
