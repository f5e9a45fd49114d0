import {createHash} from 'node:crypto';
import test from 'ava';
import {Content, Unknown, UnreadableReply} from '../../../src/model/index.js';
import {Command, Secret} from '../../../src/shell/index.js';
import {
  changeEdit,
  desireEdit,
  type EditOptions,
  parseEdit,
  prepareEdit,
  probeEdit,
} from '../../../src/tasks/shared/edit-file.js';

const PATH = '/etc/app.conf';

/** An edit that adds one line where it is missing. */
const adding = (line: string | Secret, options: Partial<EditOptions> = {}) => {
  const text = line instanceof Secret ? line.reveal() : line;
  return prepareEdit({path: PATH, ...options}, line, (lines) =>
    options.state === 'absent'
      ? lines.filter((each) => each !== text)
      : lines.includes(text)
        ? lines
        : [...lines, text],
  );
};

const answer = (text: string, mode = '81a4', after = '') => ({
  code: 0,
  stdout: `${mode}:${Buffer.byteLength(text)}:0:root:0:root\n${Buffer.from(text).toString('base64')}\n${after}`,
  stderr: '',
  truncated: false,
});

/** What a plan says about a file that holds a text. */
function plan(edit: ReturnType<typeof adding>, text: string, mode?: string) {
  const present = parseEdit(answer(text, mode), edit);
  if (present === null || present instanceof Unknown) throw new Error('no file');
  return {present, desired: desireEdit(edit, present)};
}

test('an edit that is made already desires what is there', (t) => {
  const {present, desired} = plan(adding('b'), 'a\nb\n');
  t.is(desired?.content?.sha256, present.content?.sha256);
  t.is(desired?.mode, undefined);
});

test('an edit is made to the text of the host', (t) => {
  t.is(String(plan(adding('b'), 'a').desired?.content?.bytes), 'a\nb\n');
  t.is(String(plan(adding('a', {state: 'absent'}), 'a\nb\n').desired?.content?.bytes), 'b\n');
});

test('a file that is missing is a failure, unless it may be made or nothing has to be in it', (t) => {
  const missing = {code: 0, stdout: 'absent\n', stderr: '', truncated: false};
  const found = parseEdit(missing, adding('a'));
  t.true(found instanceof Unknown && found.because === `the file ${PATH} does not exist (create: true makes it)`);
  t.is(parseEdit(missing, adding('a', {create: true})), null);
  t.is(parseEdit(missing, adding('a', {state: 'absent'})), null);
  t.is(desireEdit(adding('a', {state: 'absent'}), null), null);
  t.like(desireEdit(adding('a', {create: true}), null), {mode: '0644'});
  t.like(desireEdit(adding(new Secret('a'), {create: true}), null), {mode: '0600'});
});

test('what cannot be edited is named', (t) => {
  const parse = (stdout: string) => () => parseEdit({code: 0, stdout, stderr: '', truncated: false}, adding('a'));
  const unreadable = (message: string) => ({instanceOf: UnreadableReply, message});
  t.throws(parse('41ed:4096:0:root:0:root\n'), unreadable(`${PATH} is not a file, so nothing in it can be edited`));
  t.throws(
    parse('81a4:262145:0:root:0:root\n'),
    unreadable(`${PATH} has 262145 bytes; more than 262144 are not edited`),
  );
  t.throws(parse('81a4:2:0:root:0:root\n'), unreadable('the probe answered nothing that can be read'));
  t.throws(parse('81a4:2:0:root:0:root\nYWE'), unreadable('the probe answered nothing that can be read'));
});

test('a secret takes the rights of others from the file, and an edit that removes it does not', (t) => {
  t.is(plan(adding(new Secret('key')), 'a\n').desired?.mode, '0640');
  t.is(plan(adding(new Secret('key'), {state: 'absent'}), 'key\n').desired?.mode, undefined);
  t.is(plan(adding('key'), 'a\n').desired?.mode, undefined);
});

/** Whether lines of the desired text are hidden: all, none, or these. */
const hidden = (edit: ReturnType<typeof adding>, text: string, mode?: string) =>
  plan(edit, text, mode).desired?.content?.sensitive;

test('what is shown of the new text', (t) => {
  t.false(hidden(adding('b'), 'a\n'), 'a file that all may read');
  t.truthy(hidden(adding('b'), 'a\n', '8180'), 'a private file');
  t.truthy(hidden(adding(new Secret('b')), 'a\n'), 'a secret');
  t.true(hidden(adding('b', {sensitive: true}), 'a\n'), 'a file that the playbook hides');
  t.false(hidden(adding('b', {sensitive: false}), 'a\n', '8180'), 'a private file that the playbook shows');
  t.truthy(hidden(adding(new Secret('b'), {sensitive: false}), 'a\n'), 'a secret is hidden all the same');
});

test('a file that changed since it was read is not written over', (t) => {
  const edit = adding('b');
  const {present, desired} = plan(edit, 'a\n');
  const [write] = changeEdit(edit, desired, present);
  const digest = createHash('sha256').update('a\n').digest('hex');
  t.true(write instanceof Command && write.reveal().includes(digest));
  t.is(String(write), `write ${PATH}`);
  t.true(write instanceof Command && write.reveal().includes('--preserve=mode,ownership'), 'it keeps its rights');
});

test('a file that is made takes no rights from another', (t) => {
  const edit = adding('b', {create: true});
  const [write] = changeEdit(edit, desireEdit(edit, null), null);
  t.true(write instanceof Command && !write.reveal().includes('--preserve'));
});

test('the file that a link leads to is written, under its own name', (t) => {
  const edit = adding('b');
  const present = parseEdit(answer('a\n', '81a4', '/srv/real\n.conf\n.\n'), edit);
  if (present === null || present instanceof Unknown) return t.fail();
  t.is(present.real, '/srv/real\n.conf');
  return t.is(String(changeEdit(edit, desireEdit(edit, present), present)[0]), "write '/srv/real\n.conf'");
});

test('where only the mode differs, the content is not sent again', (t) => {
  const edit = adding(new Secret('b'));
  const [give] = changeEdit(edit, {mode: '0640'}, {content: Content.of('b\n'), mode: '0644'});
  t.is(String(give), `chmod -- 0640 ${PATH}`);
  t.deepEqual(give ? give.uploads : undefined, []);
});

test('the probe reads the file whatever its name', (t) =>
  t.regex(probeEdit({path: "/etc/it's"}).reveal(), /f='\/etc\/it'\\''s';/));
