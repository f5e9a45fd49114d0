import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {parse} from 'yaml';
import {
  type Action,
  Content,
  InputError,
  SpecError,
  type Task,
  UnreadableReply,
  type Verdict,
} from '../../src/model/index.js';
import {type Command, sh} from '../../src/shell/index.js';
import * as tasks from '../../src/tasks/index.js';
import {caseTags} from './case-tags.js';

/**
 * One file a case: `test/tasks/cases/TASK/NAME.yaml`, where TASK is the name the task is exported under.
 * The keys are described in `test/tasks/cases/README.md`.
 */
interface Case {
  readonly title: string;
  readonly spec: object;
  readonly reply?: {readonly code?: number; readonly stdout?: string; readonly stderr?: string};
  readonly expect?: Expectation;
  /** The constructor refuses the spec, and its message holds this text. */
  readonly refuse?: string;
}

interface Expectation {
  readonly type?: Verdict['type'];
  readonly action?: Action;
  /** Exactly the attributes that differ: `name: [before, after]`, `null` for none, contents as text. */
  readonly attributes?: Readonly<Record<string, readonly [unknown, unknown]>>;
  /** One entry a command, as shown to people: a whole string, or `!regexp` for a part. */
  readonly commands?: readonly (string | RegExp)[];
  /** A part of the reason of an `unknown`. */
  readonly because?: string;
  /** The parser does not understand the reply, and its message holds this text. */
  readonly unreadable?: string;
  /** The probe as shown to people matches. */
  readonly probe?: RegExp;
}

const DIRECTORY = 'test/tasks/cases';

const files = readdirSync(DIRECTORY, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.yaml'));

for (const file of files.sort()) {
  const type = dirname(file);
  // The tests' own data, checked by the assertions that read it.
  const data = parse(readFileSync(join(DIRECTORY, file), 'utf8'), {customTags: caseTags}) as Case;
  test(`${type}: ${data.title}`, (t) => runCase(t, type, data));
}

function runCase(t: ExecutionContext, type: string, {spec, reply, expect = {}, refuse}: Case): void {
  const construct = constructorOf(type);
  if (refuse !== undefined) {
    const error = t.throws(() => construct(spec));
    t.true(error instanceof SpecError || error instanceof InputError);
    t.true(error.message.includes(refuse), error.message);
    return;
  }
  const question = construct(spec).open({templateDirectories: [resolve(DIRECTORY, '../templates')]});
  if (expect.probe) t.regex(String(question.probe), expect.probe);
  const judge = () => question.judge({code: 0, stdout: '', stderr: '', truncated: false, ...reply});
  if (expect.unreadable === undefined) {
    compare(t, judge(), expect);
  } else {
    const error = t.throws(judge, {instanceOf: UnreadableReply});
    t.true(error.message.includes(expect.unreadable), error.message);
  }
}

function constructorOf(type: string): (spec: object) => Task {
  const found = Object.entries(tasks).find(([name]) => name === type)?.[1];
  if (typeof found !== 'function') throw new Error(`src/tasks/index.ts exports no task ${type}`);
  // Which spec a constructor takes is for the case file to get right.
  return found as unknown as (spec: object) => Task;
}

function compare(t: ExecutionContext, verdict: Verdict, expect: Expectation): void {
  t.is(verdict.type, expect.type ?? 'change');
  if (verdict.type === 'unknown') t.true(verdict.because.includes(expect.because ?? ''), verdict.because);
  if (verdict.type !== 'change') return;
  if (expect.action) t.is(verdict.action, expect.action);
  if (expect.attributes) {
    const pairs = verdict.diff.map(({name, before, after, sensitive}) => [
      name,
      sensitive ? '(sensitive)' : [plain(before), plain(after)],
    ]);
    t.deepEqual(Object.fromEntries(pairs), expect.attributes);
  }
  if (expect.commands) compareCommands(t, verdict.commands, expect.commands);
}

/** A text is what people see, a pattern is found there or in what runs. */
function compareCommands(
  t: ExecutionContext,
  actual: readonly Command[],
  expected: readonly (string | RegExp)[],
): void {
  t.is(actual.length, expected.length, actual.join('\n'));
  expected.forEach((each, index) => {
    const command = actual[index] ?? sh``;
    if (each instanceof RegExp) t.regex(`${command}\n${command.reveal()}`, each);
    else t.is(command.toString(), each.trimEnd());
  });
}

function plain(attribute: unknown): unknown {
  if (attribute instanceof Content) return attribute.bytes?.toString() ?? attribute.sha256;
  return attribute ?? null;
}
