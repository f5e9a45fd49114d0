import test, {type ExecutionContext} from 'ava';
import {type Host, HostError} from '../../src/model/index.js';
import {
  AS_EXPECTED,
  answerOf,
  type FrameEvent,
  type OutputLine,
  type Reply,
  raw,
  type ShellStep,
} from '../../src/shell/index.js';
import type {Connection, Transport} from '../../src/transport/index.js';
import type {RecordedAnswer} from '../../src/transport/recorded/index.js';

/*
 * The contract of every transport: written once, run over all. A transport that cannot run a command plays the answers
 * that stand next to it.
 */

/** A member with a host that it reaches; real ones have no use for the answers. */
export type OpenMember = (t: ExecutionContext, answers: readonly RecordedAnswer[]) => Promise<Member> | Member;

export interface Member {
  readonly transport: Transport;
  readonly host: Host;
}

interface Case {
  readonly answers: readonly RecordedAnswer[];
  check(t: ExecutionContext, connection: Connection, member: Member): Promise<unknown>;
}

export function contract(name: string, open: OpenMember): void {
  for (const [title, {answers, check}] of Object.entries(CASES)) {
    test(`${name}: ${title}`, async (t) => {
      const member = await open(t, answers);
      const connection = await member.transport.connect(member.host);
      t.teardown(() => connection.close());
      await check(t, connection, member);
    });
  }
  test(`${name}: an aborted attempt rejects with the reason of its signal`, async (t) => {
    const {transport, host} = await open(t, []);
    const signal = AbortSignal.abort(new Error('called off'));
    await t.throwsAsync(transport.connect(host, {signal}), {message: 'called off'});
  });
}

const step = (text: string, mode?: ShellStep['mode'], required = true): ShellStep => ({
  command: raw(text),
  required,
  mode,
});

const said = (replies: readonly (Reply | undefined)[]) => replies.map((reply) => reply?.stdout);

/** Why the work failed; undefined when it did not. */
async function reasonOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof HostError) return error.failure.reason;
    throw error;
  }
}

const LOST = {reason: 'connection-lost', message: 'lost'} as const;

const CASES: Readonly<Record<string, Case>> = {
  'each step has its reply, and a failure ends the script only where the step is required': {
    answers: [
      {to: 'echo one', stdout: 'one\n', stderr: 'err\n'},
      {to: 'exit 7', code: 7},
      {to: 'false', code: 1},
      {stdout: 'never\n'},
    ],
    check: async (t, connection) => {
      for (const mode of ['probe', 'live', undefined] as const) {
        const steps = [step('echo one; echo err >&2', mode), step('exit 7', mode, false), step('false', mode)];
        const replies = await connection.run([...steps, step('echo never', mode)]);
        t.deepEqual(
          replies.map((reply) => reply && [reply.code, reply.stdout, reply.stderr]),
          [[0, 'one\n', 'err\n'], [7, '', ''], [1, '', ''], undefined],
        );
      }
    },
  },
  'events report in order which steps begin and end; a step that only reads does not begin': {
    answers: [{to: 'false', code: 1}, {}],
    check: async (t, connection) => {
      const events: FrameEvent[] = [];
      const steps = [step('true', 'probe'), step('true'), step('true', 'live'), step('false'), step('true')];
      await connection.run(steps, {onEvent: (event) => events.push(event)});
      // That a step has ended is told when both of its streams have ended, and the next may have begun by then.
      const of = (type: string) =>
        events.flatMap((event) => (event.type === type && 'step' in event ? event.step : []));
      t.deepEqual(
        [of('began'), of('ended')],
        [
          [1, 2, 3],
          [0, 1, 2, 3],
        ],
      );
      t.is(events.at(-1)?.type, 'finished');
      const codes = events.flatMap((event) => (event.type === 'ended' ? event.reply.code : []));
      t.deepEqual(codes, [0, 0, 0, 1]);
    },
  },
  'an expected answer is reported as such, and any other one is sent and ends the script': {
    answers: [
      {to: 'exit 1', code: 1, stdout: 'same\n'},
      {to: 'echo same', stdout: 'same\n'},
      {to: 'echo other', stdout: 'other\n'},
      {},
    ],
    check: async (t, connection) => {
      const expect = answerOf({code: 0, stdout: 'same\n', stderr: '', truncated: false});
      const asked = (text: string): ShellStep => ({...step(text, 'probe', false), expect});
      const [first, second] = await connection.run([asked('echo same'), step('true')]);
      t.is(first, AS_EXPECTED);
      t.is(second?.code, 0);
      for (const text of ['echo other', 'echo same; exit 1']) {
        const [other, after] = await connection.run([asked(text), step('true')]);
        t.not(other, AS_EXPECTED);
        t.true(other?.stdout.endsWith('\n'), text);
        t.is(after, undefined, text);
      }
    },
  },
  'what a live step prints is heard line by line, before its end': {
    answers: [{stdout: 'one\n\ntwo', stderr: 'err\n'}],
    check: async (t, connection) => {
      const heard: (OutputLine | 'end')[] = [];
      await connection.run([step('printf "one\\n\\ntwo"; echo err >&2', 'live')], {
        onOutput: (line) => heard.push(line),
        onEvent: ({type}) => type === 'ended' && heard.push('end'),
      });
      const of = (stream: string) =>
        heard.flatMap((line) => (line !== 'end' && line.stream === stream ? line.text : []));
      t.deepEqual([of('stdout'), of('stderr'), heard.at(-1)], [['one', '', 'two'], ['err'], 'end']);
    },
  },
  'a stop ends a stoppable script after the change that runs, and later ones before they begin': {
    answers: [{to: 'echo two', stdout: 'two\n', seconds: 0.1}, {to: 'echo one', stdout: 'one\n'}, {stdout: 'more\n'}],
    check: async (t, connection) => {
      const steps = [step('echo one', 'live'), step('sleep 2; echo two', 'live'), step('echo more', 'live')];
      const replies = await connection.run(steps, {
        stoppable: true,
        onEvent: (event) => event.type === 'began' && event.step === 1 && connection.stop(),
      });
      t.deepEqual(said(replies), ['one\n', 'two\n', undefined]);
      t.deepEqual(await connection.run([step('echo more')], {stoppable: true}), [undefined]);
      t.deepEqual(said(await connection.run([step('echo more')])), ['more\n']);
    },
  },
  'a command that is kept has a reply, and scripts follow each other': {
    answers: [
      {to: 'exec 9', stdout: ''},
      {to: 'echo', stdout: 'x\n'},
    ],
    check: async (t, connection) => {
      for (let turn = 0; turn < 3; turn++) {
        t.is((await connection.keep(raw('command exec 9>&1'))).code, 0);
        t.deepEqual(said(await connection.run([step('echo x')])), ['x\n']);
      }
    },
  },
  'one script runs at a time': {
    answers: [{seconds: 0.05}],
    check: async (t, connection) => {
      const first = connection.run([step('sleep 0.1')]);
      await t.throwsAsync(async () => connection.run([step('true')]), {message: /running already/});
      t.is((await first)[0]?.code, 0);
    },
  },
  'a host that sends nothing for too long is given up, for good': {
    answers: [{to: 'sleep', instead: 'silence'}, {}],
    check: async (t, connection) => {
      t.is(await reasonOf(() => connection.run([step('sleep 60')], {silence: 1})), 'timed-out');
      t.is(await reasonOf(() => connection.run([step('true')])), 'timed-out');
      t.is(await reasonOf(() => connection.keep(raw('true'))), 'timed-out');
    },
  },
  'a script and a kept command can have a limit in all, however much the host sends': {
    answers: [{instead: 'silence'}],
    check: async (t, connection, {transport, host}) => {
      const talking = step('while sleep 0.2; do echo x; done', 'live');
      t.is(await reasonOf(() => connection.run([talking], {within: 1})), 'timed-out');
      const other = await transport.connect(host);
      t.is(await reasonOf(() => other.keep(raw('sleep 60'), {within: 1})), 'timed-out');
      await other.close();
    },
  },
  'a lost connection ends the script and every later one; a new connection can be made besides it': {
    answers: [{to: 'kill', instead: LOST}, {stdout: 'x\n'}],
    check: async (t, connection, {transport, host}) => {
      const events: FrameEvent[] = [];
      const run = () =>
        connection.run([step('echo x'), step('kill -KILL 0')], {onEvent: (event) => events.push(event)});
      t.is(await reasonOf(run), 'connection-lost');
      t.is(events.filter(({type}) => type === 'ended').length, 1);
      t.is(await reasonOf(() => connection.run([step('echo x')])), 'connection-lost');
      const other = await transport.connect(host);
      t.deepEqual(said(await other.run([step('echo x')])), ['x\n']);
      await other.close();
    },
  },
  'closing it ends what runs; it can be closed again, and no longer answers': {
    answers: [{to: 'sleep', instead: 'silence'}, {}],
    check: async (t, connection) => {
      const running = reasonOf(() => connection.run([step('sleep 60')]));
      await connection.close();
      t.is(await running, 'connection-lost');
      await t.notThrowsAsync(connection.close());
      t.is(await reasonOf(() => connection.run([step('true')])), 'connection-lost');
    },
  },
  'an error that a listener throws is passed to the caller': {
    answers: [{}],
    check: async (t, connection) => {
      const onEvent = () => {
        throw new TypeError('my own mistake');
      };
      await t.throwsAsync(connection.run([step('true')], {onEvent}), {instanceOf: TypeError});
    },
  },
  'it can be wrapped: all of its methods are own properties': {
    answers: [{stdout: 'x\n'}],
    check: async (t, connection) => {
      t.deepEqual(said(await {...connection}.run([step('echo x')])), ['x\n']);
    },
  },
};
