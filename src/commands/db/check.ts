import {type CheckResult, checkTables, isEqual} from '../../database/check/check-tables.js';
import {checkedServer} from '../../database/check/checked-server.js';
import {checkDefinitions, withDefinitions} from '../../database/check/definitions.js';
import {describeDifferences} from '../../database/check/describe.js';
import {LOAD} from '../../database/check/sides.js';
import {refuseOperation} from '../../database/refusals.js';
import {answering, type DatabaseSite, findPrimary, follows} from '../../database/site.js';
import type {Project} from '../../local/project.js';
import {catchSignals} from '../../local/signals.js';
import {counted, paint, severalLines, styled} from '../../model/index.js';
import {endedLines, renderFailure} from '../../renderers/index.js';
import {beginRun} from '../../session/active-run.js';
import {type Console, openConsole} from '../../session/console.js';
import {hostsOver} from './hosts.js';
import {hostsIn, lockUnchanged} from './lock-operation.js';
import type {OpenDatabase} from './open.js';
import type {DatabaseOptions} from './options.js';
import {withDatabase} from './with-database.js';

/**
 * Compares the tables and definitions of the replicas with those of the primary. It is on record, and locks the servers:
 * a seed or a restore in the meantime would look like a difference. Returns the exit code: 1 when they differ.
 */
export function check(project: Project, names: readonly string[], options: DatabaseOptions): Promise<number> {
  const out = openConsole(project);
  return withDatabase(project, options, out, async (database, session) => {
    const {primary, replicas} = chosen(database.site, names);
    const stopper = catchSignals();
    // Its own output is one object in JSON, and not the events of a run.
    const {format, ...recorded} = options;
    const active = beginRun({...session, hosts: hostsIn(database.site)}, recorded, stopper.signal);
    try {
      const refused = await lockUnchanged(database, [primary, ...replicas], active, out);
      if (refused) {
        out.print(renderFailure(refused.failure, {name: refused.host}, out.style));
        return active.end('broken-off', 1);
      }
      const result = await stopper.race(compared(database, primary, replicas, format === 'json' ? undefined : out));
      if (format === 'json')
        out.print(severalLines(`${JSON.stringify({primary, replicas, ...result}, undefined, 2)}\n`));
      else out.print(rendered(result, primary, replicas));
      return active.end('no-changes', isEqual(result) ? 0 : 1);
    } catch (error) {
      active.end('broken-off', 1);
      throw error;
    } finally {
      stopper.release();
    }
  });
}

async function compared(
  database: OpenDatabase,
  primary: string,
  replicas: readonly string[],
  out: Pick<Console, 'notice'> | undefined,
): Promise<CheckResult> {
  const hosts = hostsOver(database, () => {}, 'check');
  const sides = {
    family: database.site.family,
    primary: checkedServer(primary, hosts),
    replicas: replicas.map((name) => checkedServer(name, hosts)),
  };
  const teller = sayingSometimes((text) => out?.notice(text));
  const tables = await checkTables(sides, LOAD, ({table, rows, estimate}) =>
    teller(`${table}: ${rows} of about ${counted(estimate, 'row')} compared`),
  );
  return withDefinitions(tables, await checkDefinitions(sides));
}

function chosen(site: DatabaseSite, names: readonly string[]) {
  const found = findPrimary(site);
  if (found.state !== 'serving')
    throw refuseOperation('no server takes writes', 'To see how the servers stand: infra db status');
  const following = answering(site).filter((node) => follows(node, found.node) && node.report.following?.sql);
  const strange = names.find((name) => following.every(({host}) => host.name !== name));
  const known = following.map(({host}) => host.name);
  if (strange !== undefined)
    throw refuseOperation(
      `${strange} is not a replica that follows ${found.node.host.name}`,
      `The replicas are ${known.join(', ')}.`,
    );
  if (known.length === 0)
    throw refuseOperation('no replica follows the primary', 'To see how the servers stand: infra db status');
  return {primary: found.node.host.name, replicas: names.length > 0 ? names : known};
}

function rendered(result: CheckResult, primary: string, replicas: readonly string[]) {
  const {tables, rows, chunks, definitions = 0, differences} = result;
  const [differs] = differences;
  const isFine = isEqual(result);
  const both = `${replicas.join(', ')} and ${primary}`;
  const title = differs
    ? `${both} differ`
    : isFine
      ? `${both} are equal`
      : `${both} are equal where they could be compared`;
  return endedLines([
    styled`${paint(isFine ? 'green' : 'red', isFine ? '✓' : '✗')} ${title}: ${counted(tables, 'table')}, ${counted(rows, 'row')}, ${counted(chunks, 'part')}, ${counted(definitions, 'definition')}`,
    ...describeDifferences(result).map((line) => styled`  ${line}`),
    ...(differs ? [styled`  To copy the data again: infra db seed ${differs.replica}`] : []),
  ]);
}

/** Milliseconds between two lines about how far it is. */
const EVERY = 5000;

function sayingSometimes(say: (text: string) => void): (text: string) => void {
  let last = performance.now();
  return (text) => {
    if (performance.now() - last < EVERY) return;
    last = performance.now();
    say(text);
  };
}
