import type {OperationHosts} from '../../database/operation.js';
import {newQueue, type Queue} from '../../local/lock.js';
import {HostError, type RunEvent} from '../../model/index.js';
import type {OpenDatabase} from './open.js';

/** Seconds of a command whose step says nothing else. */
const USUAL_SECONDS = 30;

/**
 * Runs the commands of steps over the open connections, those for one host one after the other: steps that run at the same
 * time may ask the same server. `note` gets what live commands print.
 */
export function hostsOver(
  {connections}: Pick<OpenDatabase, 'connections'>,
  note: (event: RunEvent) => void,
  play: string,
): OperationHosts {
  const queues = new Map<string, Queue>();
  const ask: OperationHosts['ask'] = async (host, command, {seconds = USUAL_SECONDS, live = false} = {}) => {
    const connection = connections.get(host);
    if (!connection) throw new HostError({reason: 'unreachable', message: `${host} was not reached`});
    const task = command.toString();
    const [reply] = await connection.run([{command, required: false, ...(live && {mode: 'live' as const})}], {
      within: seconds,
      onOutput: ({text, stream}) => note({type: 'output', host, play, task, stream, text}),
    });
    if (reply?.code === 0) return reply.stdout;
    throw new HostError({
      reason: 'command-failed',
      message: 'a command failed',
      command: task,
      exitCode: reply?.code,
      output: `${reply?.stdout ?? ''}${reply?.stderr ?? ''}`.trim().slice(-4000),
    });
  };
  return {
    ask: (...question) => {
      const [host] = question;
      const turns = queues.get(host) ?? newQueue();
      queues.set(host, turns);
      return turns(() => ask(...question));
    },
  };
}
