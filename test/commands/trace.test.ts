import test from 'ava';
import type {HeadStart} from '../../src/commands/head-start.js';
import {traced} from '../../src/commands/trace.js';
import {type Facts, type Host, HostError} from '../../src/model/index.js';
import {Secret, sh} from '../../src/shell/index.js';

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

/** A connection on which each step takes so many milliseconds of the clock. */
function fleet(milliseconds: readonly number[]) {
  let now = 0;
  const reply = {code: 0, stdout: '', stderr: '', truncated: false};
  const connection: Awaited<ReturnType<HeadStart['reach']>>['connection'] = {
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
  const early: HeadStart = {
    reach: async () => {
      now += 250;
      // Nobody looks at the facts.
      return {connection, facts: {} as Facts};
    },
    remember: () => undefined,
    close: async () => undefined,
  };
  const lines: string[] = [];
  const say = (...words: readonly string[]) => void lines.push(words.join(' '));
  return {early, lines, say, clock: () => now};
}

test('a connection says where it goes and with what, each question how long it took, slow steps their command', async (t) => {
  const {early, lines, say, clock} = fleet([10, 400]);
  const {connection} = await traced(early, say, clock).reach(HOST);
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
    'web1 answers after 0.25s: connection, login and first question',
    'web1 asked 0.41s for 2 steps',
    'web1 slow 0.40s for login (sensitive)',
  ]);
});

test('a host that does not answer says how long that took, and fails as ever', async (t) => {
  const {early, lines, say, clock} = fleet([]);
  const failure = new HostError({reason: 'unreachable', message: 'No answer.'});
  const failing: HeadStart = {...early, reach: () => Promise.reject(failure)};
  t.is(await t.throwsAsync(traced(failing, say, clock).reach(HOST)), failure);
  t.deepEqual(lines.slice(1), ['web1 gives up after 0.00s']);
});
