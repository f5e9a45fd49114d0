import type {ExecutionContext} from 'ava';
import {infra} from './lab.js';

/** What a plan announced: actions that are certain, and those that only apply will know. `HOST TYPE ID` each. */
export interface Announced {
  readonly certain: readonly string[];
  readonly possible: readonly string[];
}

/** The plan as Terraform's JSON, reduced to what it announces. */
export async function announced(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Announced> {
  const {code, stdout, stderr} = await infra(['plan', '--format', 'json', ...args], env);
  if (code !== 0) throw new Error(`infra plan: exit ${code}\n${stderr}`);
  // The shape is documented in src/plans/terraform.ts.
  const {resource_changes: changes} = JSON.parse(stdout) as {readonly resource_changes: readonly ResourceChange[]};
  const acting = changes.filter(({change}) => change.actions.join() !== 'no-op');
  const isUnknown = ({change}: ResourceChange) => JSON.stringify(change.after_unknown).includes('true');
  return {
    certain: acting.filter((each) => !isUnknown(each)).map(nameOf),
    possible: acting.filter(isUnknown).map(nameOf),
  };
}

interface ResourceChange {
  readonly type: string;
  readonly name: string;
  readonly index: string;
  readonly change: {readonly actions: readonly string[]; readonly after_unknown: unknown};
}

const nameOf = ({type, name, index}: ResourceChange) => `${index} ${type} ${name}`;

/** Applies, and returns what was done, from the events of the run. */
export async function applied(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> {
  const {code, stdout, stderr} = await infra(['apply', '--yes', '--format', 'json', ...args], env);
  if (code !== 0) throw new Error(`infra apply: exit ${code}\n${stdout}${stderr}`);
  const events = stdout.split('\n').flatMap((line): Event[] => (line === '' ? [] : [JSON.parse(line)]));
  return events.flatMap(({type, host, task, handler}) => {
    if (type === 'task-changed') return [`${host} ${task}`];
    return type === 'handler-ran' ? [`${host} handler ${handler}`] : [];
  });
}

interface Event {
  readonly type: string;
  readonly host: string;
  readonly task: string;
  readonly handler: string;
}

/** Without the handlers: what was wrong, not what follows from fixing it. */
export const tasksOf = (done: readonly string[]) => done.filter((each) => each.split(' ')[1] !== 'handler');

/** Everything done was announced, and everything that was certain was done. */
export function truthful(t: ExecutionContext, {certain, possible}: Announced, done: readonly string[]): void {
  t.deepEqual(
    done.filter((each) => !certain.includes(each) && !possible.includes(each)),
    [],
    'done without being announced',
  );
  t.deepEqual(
    certain.filter((each) => !done.includes(each)),
    [],
    'announced as certain and not done',
  );
}
