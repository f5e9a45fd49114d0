import test from 'ava';
import {Content, UnreadableReply} from '../../../src/model/index.js';
import {Secret} from '../../../src/shell/index.js';
import {
  changeFile,
  type DesiredFile,
  defaultMode,
  desireFile,
  literalContent,
  parseFile,
  refuseSource,
} from '../../../src/tasks/shared/content-file.js';

const PATH = '/etc/app.conf';
const desired = (rest: Partial<DesiredFile> = {}): DesiredFile => ({path: PATH, content: Content.of('new\n'), ...rest});

const parse = (stdout: string, file = desired()) => parseFile({code: 0, stdout, stderr: '', truncated: false}, file);
const old = Buffer.from('old\n').toString('base64');

test('what the host has: nothing, the same, another content, or a digest of much', (t) => {
  t.is(parse('absent\n'), null);
  const file = desired();
  t.is(parse('81a4:4:0:root:0:root\nsame\n', file)?.content, file.content ?? undefined);
  t.is(String(parse(`81a4:4:0:root:0:root\ncontent ${old}`)?.content?.bytes), 'old\n');
  const large = parse(`81a4:99999:0:root:0:root\nsha256 ${'ab'.repeat(32)}  -\n`)?.content;
  t.like(large, {sha256: 'ab'.repeat(32), size: 99_999, bytes: undefined});
  t.is(String(parse('81a4:0:0:root:0:root\ncontent ')?.content?.bytes), '', 'an empty file is not a missing one');
});

test('what is in the place of the file is named, and not touched unless it is a link', (t) => {
  t.deepEqual(parse('a1ff:7:0:root:0:root\n../x y'), {type: 'link to ../x y'});
  const unreadable = (found: string) => ({
    instanceOf: UnreadableReply,
    message: `${PATH} is ${found}; remove it first or choose another path`,
  });
  t.throws(() => parse('41ed:4096:0:root:0:root\n'), unreadable('a directory'));
  t.throws(() => parse('11a4:0:0:root:0:root\n'), unreadable('neither a file nor a link'));
  t.throws(() => parse('81a4:4:0:root:0:root\n'), {message: 'the probe answered nothing that can be read'});
  t.throws(() => parse('81a4:4:0:root:0:root\nsame', desired({content: null})), {instanceOf: UnreadableReply});
});

test('what the old file holds is hidden where others may not read it, unless the playbook says otherwise', (t) => {
  const hidden = (mode: string, file?: DesiredFile) =>
    parse(`${mode}:4:0:root:0:root\ncontent ${old}`, file)?.content?.sensitive;
  t.is(hidden('81a4'), false);
  t.is(hidden('81a0'), true);
  t.is(hidden('81a0', desired({sensitive: false})), false);
  t.is(hidden('81a4', desired({content: Content.of('x', true), sensitive: false})), true, 'a secret takes its place');
});

const MODES: readonly [boolean, string | undefined, string | undefined][] = [
  [false, undefined, '0644'],
  [true, undefined, '0600'],
  [false, '0755', undefined],
  [true, '0644', '0640'],
  [true, '4755', '4750'],
  [true, '0600', '0600'],
];

for (const [sensitive, present, mode] of MODES)
  test(`the mode of a ${sensitive ? 'secret' : 'file'} over ${present ?? 'nothing'} is ${mode ?? 'kept'}`, (t) =>
    t.is(defaultMode(sensitive, present), mode));

test('what is set wins over what is usual, and a link becomes a file', (t) => {
  t.is(desireFile(desired({content: null}), {mode: '0644'}), null);
  t.deepEqual(desireFile(desired({mode: '755', owner: 'app'}), null), {
    ...{content: desired().content ?? undefined, mode: '0755', owner: 'app'},
  });
  t.like(desireFile(desired(), {type: 'link to x'}), {type: 'file', mode: '0644'});
  t.false('mode' in (desireFile(desired(), {mode: '0755'}) ?? {}));
});

const shown = (...change: Parameters<typeof changeFile>) => changeFile(...change).map(String);

test('only what differs is done', (t) => {
  const file = desired();
  t.deepEqual(shown(file, null, {}), [`rm -f -- ${PATH}`]);
  t.deepEqual(shown(file, {content: Content.of('x')}, null), [`write ${PATH}`]);
  t.deepEqual(shown(file, {mode: '0600', owner: 'app'}, {mode: '0644'}), [
    `chown -- app ${PATH} && chmod -- 0600 ${PATH}`,
  ]);
  t.deepEqual(
    shown(file, {owner: 'app'}, {mode: '4755'}),
    [`chown -- app ${PATH} && chmod -- 4755 ${PATH}`],
    'bits that come back',
  );
});

test('a file has content or a source, one of them', (t) => {
  const fault = 'give the file either content or source';
  t.deepEqual([{}, {content: '', source: 'a'}].map(refuseSource), [fault, fault]);
  t.deepEqual([{content: ''}, {source: ''}, {content: new Secret('')}].map(refuseSource), [
    undefined,
    undefined,
    undefined,
  ]);
});

test('a secret stays one as content, and any content can be hidden', (t) => {
  const content = (spec: Parameters<typeof literalContent>[0]) => literalContent(spec, {templateDirectories: []});
  t.true(content({content: new Secret('s')}).sensitive);
  t.true(content({content: new Secret('s'), sensitive: false}).sensitive);
  t.true(content({content: 'a', sensitive: true}).sensitive);
  t.false(content({content: 'a'}).sensitive);
  t.deepEqual(content({content: Uint8Array.of(0, 255)}).bytes, Buffer.of(0, 255));
});
