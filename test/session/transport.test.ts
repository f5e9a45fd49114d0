import test from 'ava';
import {type Host, HostError} from '../../src/model/index.js';
import {traced} from '../../src/session/transport.js';
import {Secret, sh} from '../../src/shell/index.js';
import type {Connection, Transport} from '../../src/transport/index.js';

const HOST: Host = {
  name: 'web1',
  address: '192.0.2.21',
  port: 2222,
  user: 'deploy',
  become: true,
  identityFiles: ['/home/me/.ssh/id_ed25519'],
  knownHostsFiles: ['/home/me/.ssh/known_hosts'],
  groups: [],
  vars: {},
};

/** A transport of which each step takes that many milliseconds of the clock. */
function slow(milliseconds: readonly number[]) {
  let now = 0;
  const reply = {code: 0, stdout: '', stderr: '', truncated: false};
  const connection: Connection = {
    run: async (steps, {onEvent} = {}) => {
      for (const step of steps.keys()) {
        onEvent?.({type: 'began', step});
        now += milliseconds[step] ?? 0;
        onEvent?.({type: 'ended', step, reply});
      }
      return steps.map(() => reply);
    },
    keep: async () => reply,
    stop: () => undefined,
    close: async () => undefined,
  };
  const transport: Transport = {
    connect: async () => {
      now += 250;
      return connection;
    },
  };
  const lines: string[] = [];
  const say = (...words: readonly string[]) => void lines.push(words.join(' '));
  return {transport, lines, say, clock: () => now};
}

test('a connection is reported with its address and keys, a round trip with its time, a slow step with its command', async (t) => {
  const {transport, lines, say, clock} = slow([10, 400]);
  const connection = await traced(transport, say, clock).connect(HOST);
  const seen: string[] = [];
  const steps = [
    sh`true`,
    sh`login ${new Secret('hunter2')}
more`,
  ].map((command) => ({command, required: false}));
  const replies = await connection.run(steps, {onEvent: ({type}) => void seen.push(type)});
  t.is(replies.length, 2);
  t.deepEqual(seen, ['began', 'ended', 'began', 'ended']);
  t.deepEqual(lines, [
    "web1 connects to deploy@192.0.2.21 port 2222 and sudo; keys: /home/me/.ssh/id_ed25519 and the agent's; host keys: /home/me/.ssh/known_hosts",
    'web1 answers after 0.25s: connection and login',
    'web1 asked 0.41s for 2 steps',
    'web1 slow 0.40s for login (sensitive)',
  ]);
});

test('a host that does not answer is reported with the time, and fails as without a trace', async (t) => {
  const {lines, say, clock} = slow([]);
  const failure = new HostError({reason: 'unreachable', message: 'No answer.'});
  t.is(await t.throwsAsync(traced({connect: () => Promise.reject(failure)}, say, clock).connect(HOST)), failure);
  t.deepEqual(lines.slice(1), ['web1 gives up after 0.00s']);
});
