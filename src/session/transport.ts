import type {Project} from '../local/project.js';
import type {Host} from '../model/index.js';
import {pad, widthOf} from '../renderers/index.js';
import type {FrameEvent} from '../shell/index.js';
import type {Connection, ConnectOptions, Transport} from '../transport/index.js';
import {scanHostKeys, ssh2Transport} from '../transport/ssh2/index.js';
import type {Console} from './console.js';
import type {OutputOptions} from './output-options.js';

/*
 * How commands reach hosts. Nothing else imports an implementation of `Transport`.
 */

export {scanHostKeys};

/**
 * The transport of a command. The environment of the project names the SSH agent. `usual`: for connections that say
 * nothing else.
 */
export function openTransport({env}: Pick<Project, 'env'>, usual: Pick<ConnectOptions, 'dialSeconds'> = {}): Transport {
  return ssh2Transport(env, usual);
}

/** The same transport; with -vvv it reports on standard error where connections go and how long each request takes. */
export function tracedIfAsked(
  transport: Transport,
  hosts: readonly Host[],
  {verbose = 0}: OutputOptions,
  out: Console,
): Transport {
  if (verbose <= 2) return transport;
  const column = Math.max(...hosts.map(({name}) => widthOf(name)));
  return traced(transport, (host, verb, what) => out.notice(`${pad(host, column)}  ${verb.padEnd(9)}  ${what}`));
}

/** Takes one line about a host: a verb, and what it is about. */
type Say = (host: string, verb: string, what: string) => void;

/**
 * Adds a line for each connection, with its address and keys, and one for each round trip: how long it took, for how
 * many steps, and which steps were slow. `clock`: milliseconds. A secret that is part of a step is masked; `say` must
 * mask one that the user wrote out.
 */
export function traced(transport: Transport, say: Say, clock = () => performance.now()): Transport {
  return {
    connect: async (host, options) => {
      const seconds = stopwatch(clock);
      say(host.name, 'connects', targetOf(host));
      try {
        const connection = await transport.connect(host, options);
        say(host.name, 'answers', `after ${seconds()}: connection and login`);
        return tracedConnection(connection, host.name, say, clock);
      } catch (error) {
        say(host.name, 'gives up', `after ${seconds()}`);
        throw error;
      }
    },
  };
}

function targetOf({address, port, user, become, identityFiles, knownHostsFiles}: Host): string {
  const keys = identityFiles.length > 0 ? identityFiles.join(', ') : 'the usual files';
  const sudo = become ? ' and sudo' : '';
  return `to ${user}@${address} port ${port}${sudo}; keys: ${keys} and the agent's; host keys: ${knownHostsFiles.join(', ')}`;
}

function tracedConnection(connection: Connection, host: string, say: Say, clock: () => number): Connection {
  return {
    ...connection,
    run: async (asked, options = {}) => {
      // Each step by itself, so that it can be timed.
      const steps = asked.map((step) => (step.mode === 'probe' ? {...step, mode: undefined} : step));
      const seconds = stopwatch(clock);
      const began = new Map<number, () => string>();
      const slow: string[] = [];
      const onEvent = (event: FrameEvent) => {
        if (event.type === 'began') began.set(event.step, stopwatch(clock));
        const took = event.type === 'ended' ? (began.get(event.step)?.() ?? '') : '';
        if (event.type === 'ended' && Number.parseFloat(took) >= SLOW) {
          slow.push(`${took} for ${firstLine(String(steps[event.step]?.command))}`);
        }
        options.onEvent?.(event);
      };
      try {
        return await connection.run(steps, {...options, onEvent});
      } finally {
        say(host, 'asked', `${seconds()} for ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`);
        for (const step of slow) say(host, 'slow', step);
      }
    },
  };
}

/** Seconds from which a step is reported as slow. */
const SLOW = 0.1;

/** Characters of a command that are shown. */
const MOST_SHOWN = 160;

function firstLine(command: string): string {
  const [line = ''] = command.trim().split('\n');
  return line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line;
}

function stopwatch(clock: () => number): () => string {
  const began = clock();
  return () => `${((clock() - began) / 1000).toFixed(2)}s`;
}
