import {AS_EXPECTED, type Reply, type ShellStep} from '../../shell/index.js';
import type {Connection} from '../connection.js';
import type {Transport} from '../transport.js';
import type {RecordedAnswer, Recording} from './recording.js';

export interface Recorder extends Transport {
  /** What the hosts have answered so far. */
  recording(): Recording;
}

/**
 * The same transport, with a note of every answer, so that a run can be played again without its hosts. Commands that are
 * kept are told by their first line, as a lock notes the time. Replies may hold secrets.
 */
export function record(transport: Transport): Recorder {
  const hosts = new Map<string, RecordedAnswer[]>();
  return {
    recording: () => ({
      hosts: Object.fromEntries([...hosts].map(([name, answers]) => [name, {answers: [...answers]}])),
    }),
    connect: async (host, options) => {
      const connection = await transport.connect(host, options);
      const answers = hosts.get(host.name) ?? [];
      hosts.set(host.name, answers);
      return noting(connection, (answer) => void answers.push({...answer, times: 1}));
    },
  };
}

function noting(connection: Connection, note: (answer: RecordedAnswer) => void): Connection {
  return {
    ...connection,
    run: (steps, options = {}) =>
      connection.run(steps, {
        ...options,
        onEvent: (event) => {
          const step = event.type === 'ended' ? steps[event.step] : undefined;
          if (event.type === 'ended' && step) note({to: String(step.command), ...answerTo(step, event.reply)});
          options.onEvent?.(event);
        },
      }),
    keep: async (command, options) => {
      const reply = await connection.keep(command, options);
      const [line = ''] = String(command).split('\n');
      note({to: line, ...reply});
      return reply;
    },
  };
}

/** Of an answer that was compared on the host, only what it was compared with is known. */
const answerTo = ({expect}: ShellStep, reply: Reply): RecordedAnswer =>
  reply === AS_EXPECTED && expect ? expect : reply;
