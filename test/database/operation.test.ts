import test from 'ava';
import {type Operation, OperationFailed, type OperationStep, runOperation} from '../../src/database/operation.js';

interface Seen {
  readonly events: string[];
  readonly error: unknown;
}

/** A step that says what is done with it. */
function step(name: string, events: string[], more: Partial<OperationStep> & {fails?: boolean; undo?: never} = {}) {
  const {fails, ...rest} = more;
  const run = async () => {
    events.push(name);
    if (fails) throw new Error(`${name} failed`);
    return name;
  };
  const undo = {
    text: `not ${name}`,
    run: async () => void events.push(`undo ${name}`),
  };
  return {host: 'h', text: name, run, undo, ...rest} satisfies OperationStep;
}

async function running(
  make: (events: string[]) => readonly OperationStep[],
  stopWhen: (event: string) => boolean = () => false,
): Promise<Seen> {
  const events: string[] = [];
  const stop = new AbortController();
  const listener = {
    started: ({text}: OperationStep) => {
      if (stopWhen(text)) stop.abort(new Error('stopped'));
    },
    finished: ({text}: OperationStep, _: number, result: string | undefined) => {
      if (result !== text) events.push(`${text}: ${result}`);
    },
    undone: () => {},
  };
  const operation: Operation = {name: 'x', title: 'x', notes: [], steps: make(events), done: ''};
  const hosts = {ask: async () => ''};
  const error = await runOperation(operation, hosts, listener, stop.signal).catch((thrown: unknown) => thrown);
  return {events, error};
}

const outcomeOf = ({error}: Seen) =>
  error instanceof OperationFailed ? `${error.outcome}: ${error.step.text}: ${(error.cause as Error).message}` : error;

test('the steps run in their order', async (t) => {
  const seen = await running((events) => [step('a', events), step('b', events)]);
  t.deepEqual(seen, {events: ['a', 'b'], error: undefined});
});

test('a step that fails is taken back, and those before it in the reverse order', async (t) => {
  const seen = await running((events) => [step('a', events), step('b', events, {fails: true}), step('c', events)]);
  t.deepEqual(seen.events, ['a', 'b', 'undo b', 'undo a']);
  t.is(outcomeOf(seen), 'undone: b: b failed');
});

test('a step that cannot be taken back does not keep the others from it', async (t) => {
  const seen = await running((events) => [
    step('a', events),
    {...step('b', events), undo: {text: 'x', run: () => Promise.reject(new Error('no'))}},
    step('c', events, {fails: true}),
  ]);
  t.deepEqual(seen.events, ['a', 'b', 'c', 'undo c', 'undo a']);
  t.is(outcomeOf(seen), 'undo-failed: c: c failed');
});

test('after the point of no return nothing is taken back', async (t) => {
  for (const failing of ['b', 'c']) {
    const seen = await running((events) => [
      step('a', events),
      step('b', events, {isFinal: true, fails: failing === 'b'}),
      step('c', events, {fails: failing === 'c'}),
    ]);
    t.false(seen.events.some((each) => each.startsWith('undo')));
    t.is(outcomeOf(seen), `unfinished: ${failing}: ${failing} failed`);
  }
});

test('a stop before the point of no return takes everything back', async (t) => {
  const seen = await running(
    (events) => [step('a', events), step('b', events), step('c', events, {isFinal: true})],
    (event) => event === 'a',
  );
  t.deepEqual(seen.events, ['a', 'undo a']);
  t.is(outcomeOf(seen), 'undone: b: stopped');
});

test('a stop after the point of no return is not heeded', async (t) => {
  const seen = await running(
    (events) => [step('a', events, {isFinal: true}), step('b', events)],
    (event) => event === 'a',
  );
  t.deepEqual(seen, {events: ['a', 'b'], error: undefined});
});

test('a step that may fail says what it could not do', async (t) => {
  const seen = await running((events) => [step('a', events, {mayFail: true, fails: true}), step('b', events)]);
  t.deepEqual(seen, {events: ['a', 'a: not done: a failed', 'b'], error: undefined});
});

test('parallel steps run together; when one fails, all of them have ended before they are taken back', async (t) => {
  const slow = (name: string, events: string[]): OperationStep => ({
    ...step(name, events, {isParallel: true}),
    run: async () => {
      await new Promise((done) => setTimeout(done, 20));
      return void events.push(`${name} ended`);
    },
  });
  const seen = await running((events) => [
    step('a', events, {isParallel: true, fails: true}),
    slow('b', events),
    step('c', events),
  ]);
  t.deepEqual(seen.events.slice(0, 2), ['a', 'b: undefined'].slice(0, 1).concat('b ended'));
  t.deepEqual(seen.events.slice(-2), ['undo b', 'undo a']);
  t.is(outcomeOf(seen), 'undone: a: a failed');
});
