import type {Queue} from '../../local/lock.js';
import type {Host, Task} from '../../model/index.js';
import type {Command, FrameEvent, OutputLine, Reply, ShellStep} from '../../shell/index.js';
import type {Connection, RunOptions} from '../../transport/index.js';

/** The connections for the tasks of one host: its own, and those of the hosts to which they are delegated. */
export interface Connections {
  readonly connection: Connection;
  /** By the name of the host. */
  readonly others: ReadonlyMap<string, Delegate>;
}

/** A host on which tasks of other hosts are done. */
export interface Delegate {
  readonly host: Host;
  readonly connection: Connection;
  /** For reading and changing it without another host's tasks in between. */
  readonly alone: Queue;
}

/** A step and where it runs. */
interface PlacedStep {
  readonly on: Connection;
  readonly step: ShellStep;
}

/** The connection over which a task is probed and done. */
export function connectionFor({connection, others}: Connections, {delegateTo}: Task): Connection {
  const other = delegateTo === undefined ? connection : others.get(delegateTo)?.connection;
  if (!other) throw new Error(`there is no connection to ${delegateTo}`);
  return other;
}

/** A probe as a step; whatever it answers, the steps after it run. */
export function probeStep(command: Command): ShellStep {
  return {command, required: false, mode: 'probe'};
}

/**
 * Runs the steps, one script a connection, the connection of the first step first. Replies and events are numbered as
 * the steps are. Where `mayContinue` says no after a script, no further one is begun.
 */
export async function runPlaced(
  steps: readonly PlacedStep[],
  options: RunOptions,
  mayContinue = () => true,
): Promise<readonly (Reply | undefined)[]> {
  const replies: (Reply | undefined)[] = steps.map(() => undefined);
  for (const link of new Set(steps.map(({on}) => on))) {
    if (!mayContinue()) break;
    const own = steps.flatMap(({on, step}, index) => (on === link ? [{step, index}] : []));
    const onEvent = (event: FrameEvent) => options.onEvent?.(renumber(event, own));
    const onOutput = (line: OutputLine) => options.onOutput?.({...line, step: own[line.step]?.index ?? line.step});
    const part = await link.run(
      own.map(({step}) => step),
      {...options, onEvent, ...(options.onOutput && {onOutput})},
    );
    for (const [at, {index}] of own.entries()) replies[index] = part[at];
  }
  return replies;
}

function renumber(event: FrameEvent, steps: readonly {readonly index: number}[]): FrameEvent {
  return event.type === 'finished' ? event : {...event, step: steps[event.step]?.index ?? event.step};
}
