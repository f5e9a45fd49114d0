import {type Failure, HostError} from '../../model/index.js';
import type {Reply, ShellStep} from '../../shell/index.js';
import type {Connection, RunOptions} from '../connection.js';
import {ENDED} from '../shell-failures.js';
import type {PlayedHost} from './play-host.js';
import {playScript} from './play-script.js';

/** What a connection was asked for. */
export type AskedOfConnection =
  | {
      readonly type: 'run' | 'keep';
      /** How many steps the script had. */
      readonly sent: number;
      /** The commands of those that were run, secrets masked; it grows while they run. */
      readonly steps: readonly string[];
    }
  | {readonly type: 'stop' | 'close'};

/** A connection that answers from a recording. `note` gets what it is asked for. */
export function recordedConnection(host: PlayedHost, note: (asked: AskedOfConnection) => void): Connection {
  const ending = new AbortController();
  const ended = ending.signal;
  let [isRunning, isStopped] = [false, false];
  // The first reason stays.
  const fail = (why: Failure) => ending.abort(new HostError(why));
  const play = async (type: 'run' | 'keep', steps: readonly ShellStep[], options: RunOptions) => {
    if (isRunning) throw new Error('a script is running already');
    ended.throwIfAborted();
    isRunning = true;
    const commands: string[] = [];
    note({type, sent: steps.length, steps: commands});
    const answer = ({command}: ShellStep) => {
      commands.push(String(command));
      return host.answer(String(command));
    };
    try {
      return await playScript(steps, options, {answer, isStopped: () => isStopped, ended});
    } catch (error) {
      fail(error instanceof HostError ? error.failure : ENDED);
      throw error;
    } finally {
      isRunning = false;
    }
  };
  return {
    run: (steps, options = {}) => play('run', steps, options),
    keep: async (command, options = {}) => keptReply(await play('keep', [{command, required: false}], options)),
    stop: () => {
      note({type: 'stop'});
      isStopped = true;
    },
    close: async () => {
      note({type: 'close'});
      fail(ENDED);
    },
  };
}

function keptReply([reply]: readonly (Reply | undefined)[]): Reply {
  if (!reply) throw new Error('a kept command ended without a reply');
  return reply;
}
