import {type Facts, type Host, HostError, type Play, type RoleContext} from '../../model/index.js';
import type {HostPool} from '../connect/host-pool.js';
import {compileHost, type TaskList} from './compile.js';

/**
 * Compiles a host's plays; facts of other hosts that roles ask for are fetched, and then the plays are compiled again:
 * roles are pure, so the result is the same as if the facts had been known before. Rejects with `HostError`
 * `other-host-failed`.
 */
export async function compileWithFacts(
  plays: readonly Play[],
  own: Omit<RoleContext, 'factsOf' | 'factsIfReached' | 'openings'>,
  pool: HostPool,
): Promise<TaskList[]> {
  const known = new Map<string, Facts | undefined>([[own.host.name, own.facts]]);
  for (;;) {
    const asked: Asked[] = [];
    const ask = (host: Host, isNeeded: boolean): Facts | undefined => {
      const facts = known.get(host.name);
      if (facts || (known.has(host.name) && !isNeeded)) return facts;
      asked.push({host, isNeeded});
      throw new Error(`the facts of ${host.name} are not known yet`);
    };
    const factsIfReached = (host: Host) => ask(host, false);
    const factsOf = (host: Host) => ask(host, true) ?? unknownFacts(host);
    const lists = compileUnlessAsked(() => compileHost(plays, {...own, factsOf, factsIfReached}), asked);
    if (asked.length === 0 && lists) return lists;
    await Promise.all(asked.map(async (each) => known.set(each.host.name, await factsFrom(each, pool))));
  }
}

/** A host whose facts a role asked for. `isNeeded`: the role cannot do without them. */
interface Asked {
  readonly host: Host;
  readonly isNeeded: boolean;
}

async function factsFrom({host, isNeeded}: Asked, pool: HostPool): Promise<Facts | undefined> {
  const reaching = needed(host, 'the facts of', pool.reach(host));
  if (isNeeded) return (await reaching).facts;
  return reaching.then(
    ({facts}) => facts,
    () => undefined,
  );
}

function unknownFacts({name}: Host): never {
  throw new Error(`the facts of ${name} are not known yet`);
}

/** Undefined when facts were missing: whatever is thrown then is not a fault. */
function compileUnlessAsked<T>(compile: () => T, asked: readonly Asked[]): T | undefined {
  try {
    return compile();
  } catch (error) {
    if (asked.length > 0) return undefined;
    throw error;
  }
}

/** Turns the failure of another host, which may be outside `--limit`, into a failure of the host that needs it. */
export async function needed<T>(host: Host, what: string, reaching: Promise<T>): Promise<T> {
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
