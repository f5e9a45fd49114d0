import {createHash} from 'node:crypto';
import test from 'ava';
import {answerOf, parseKeyValues, renderScript, Secret, type ShellStep, sh} from '../../src/shell/index.js';
import {replyOf} from '../../src/shell/script.js';
import {uploadOf} from '../support/uploads.js';

const step = (rest: Partial<ShellStep> = {}): ShellStep => ({command: sh`id`, required: false, ...rest});
const expect = {code: 0, sha256: 'ab'.repeat(32)};

const LINES: readonly [string, ShellStep, string][] = [
  ['a change that may fail', step(), 'quiet 0 id'],
  ['a change that must not', step({required: true}), 'quiet 0 id || end'],
  ['a probe', step({mode: 'probe'}), 'probe 0 id'],
  ['a step whose output comes as it runs', step({mode: 'live', required: true}), 'live 0 id || end'],
  ['an answer that is expected', step({mode: 'probe', expect}), `expect 0 id 0 ${expect.sha256} || end`],
  ['a command with quotes', step({command: sh`echo ${"it's"}`}), `quiet 0 'echo '\\''it'\\''\\'\\'''\\''s'\\'''`],
];

for (const [what, each, line] of LINES)
  test(`one line a step: ${what}`, (t) => t.is(renderScript([each]).text, `${line}\nflush`));

test('steps are numbered from the first', (t) => {
  t.is(renderScript([step(), step()], {first: 8}).text, 'quiet 8 id\nquiet 9 id\nflush');
  t.is(renderScript([]).text, 'flush');
});

test('a run that is asked to stop ends before a change, not before a question', (t) => {
  const steps = [step({mode: 'probe'}), step({expect}), step(), step({mode: 'live'})];
  const lines = renderScript(steps, {stoppable: true}).text.split('\n');
  t.deepEqual(
    lines.map((line) => line.startsWith('stopped;')),
    [false, false, true, true, false],
  );
});

test('steps of the loop itself are kept, whatever their mode', (t) => {
  t.is(renderScript([step({mode: 'live', required: true})], {kept: true}).text, 'kept 0 id || end\nflush');
});

test('secrets are in the script, which only the connection gets', (t) => {
  t.true(renderScript([step({command: sh`echo ${new Secret('s3cret')}`})]).text.includes('s3cret'));
});

test('bytes that two steps need are sent once, and named by where the connection keeps them', (t) => {
  const [one, two] = [uploadOf(Buffer.from('one')), uploadOf(Buffer.from('two'))];
  const steps = [step({command: sh`cat ${{upload: one}}`}), step({command: sh`cat ${{upload: two}} ${{upload: one}}`})];
  const {text, uploads} = renderScript(steps, {places: {directory: '/run/x', uploads: '/run/y'}});
  t.deepEqual(uploads, [one, two]);
  t.true(text.includes(`cat /run/y/${one.sha256}`));
});

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

test('an answer is known by its exit code and by the bytes that were printed', (t) => {
  const printed = Buffer.from([0x61, 0xff, 0x62]);
  const binary = replyOf(3, printed, Buffer.from('oops'), false);
  t.like(binary, {code: 3, stdout: 'a\ufffdb', stderr: 'oops', truncated: false});
  t.deepEqual(answerOf(binary), {code: 3, sha256: sha256(printed)});
  const text = replyOf(0, Buffer.from('ß\n'), Buffer.from(''), true);
  t.deepEqual(text, {code: 0, stdout: 'ß\n', stderr: '', truncated: true});
  t.deepEqual(answerOf(text), {code: 0, sha256: sha256('ß\n')});
});

test('two answers that look the same and are not differ', (t) => {
  const answers = [[0xff], [0xfe], [0xef, 0xbf, 0xbd]].map((bytes) =>
    answerOf(replyOf(0, Buffer.from(bytes), Buffer.of(), false)),
  );
  t.is(new Set(answers.map((each) => each.sha256)).size, 3);
});

test('lines of keys and values', (t) => {
  t.deepEqual(parseKeyValues('A=1\nB="two words"\nC=a=b\nD=\nno line\n=x\nE="\nF=it"s\n\nA=2'), {
    ...{A: '2', B: 'two words', C: 'a=b', D: '', E: '"', F: 'it"s'},
  });
});
