import {type Failure, HostError} from '../../model/index.js';
import type {Reply, ShellStep} from '../../shell/index.js';
import {ENDED} from '../shell-failures.js';
import type {Connection, RunOptions, Transport} from '../transport.js';
import {type PlayedHost, playHost, playScript} from './play-script.js';
import type {Recording} from './recording.js';

/** A request to a host. `connection`: its number on that host, from 1. */
export type Asked =
  | {readonly type: 'connect'; readonly host: string}
  | ({readonly host: string; readonly connection: number} & AskedOfConnection);

/** A transport that answers from a recording and notes each request. */
export interface RecordedTransport extends Transport {
  /** All requests so far, in order over all hosts; the list grows. */
  readonly asked: readonly Asked[];
}

/** Plays a recording, without network or processes; it takes only the time that the answers ask for. */
export function recordedTransport({hosts}: Recording): RecordedTransport {
  const asked: Asked[] = [];
  const played = new Map(Object.entries(hosts).map(([name, host]) => [name, playHost(name, host)]));
  return {
    asked,
    connect: async ({name: host}, {signal} = {}): Promise<Connection> => {
      signal?.throwIfAborted();
      const found = played.get(host);
      if (!found) throw new Error(`the recording has no host ${host}`);
      asked.push({type: 'connect', host});
      const number = found.connect();
      const connection = recordedConnection(found, (what) => asked.push({host, connection: number, ...what}));
      signal?.addEventListener('abort', () => void connection.close(), {once: true});
      return connection;
    },
  };
}

/** A request to a connection. */
type AskedOfConnection =
  | {
      readonly type: 'run' | 'keep';
      /** How many steps the script had. */
      readonly sent: number;
      /** The commands of the steps that were run, with secrets masked; the list grows while they run. */
      readonly steps: readonly string[];
    }
  | {readonly type: 'stop' | 'close'};

/** A connection that answers from a recording. `note` gets each request. */
function recordedConnection(host: PlayedHost, note: (asked: AskedOfConnection) => void): Connection {
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
