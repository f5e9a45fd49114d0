import test from 'ava';
import fc from 'fast-check';
import {type Attribute, Content, sameAttribute} from '../../src/model/index.js';
import {readValue, ValueWriter} from '../../src/plans/values.js';
import {digest} from './planned.js';

const mask = (text: string) => text.replaceAll('hunter2', '(sensitive)');

const writer = () => new ValueWriter({mask, digest});

const sha = (text: string) => Content.of(text).sha256;

test('short values are held as they are, with secrets masked', (t) => {
  const values: readonly (readonly [Attribute, unknown])[] = [
    ['text', 'text'],
    ['', ''],
    [0, 0],
    [false, false],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [[], []],
    ['pass hunter2', 'pass (sensitive)'],
    [
      ['hunter2', 'x'],
      ['(sensitive)', 'x'],
    ],
    [undefined, undefined],
  ];
  for (const [attribute, value] of values) t.deepEqual(writer().write(attribute, false), value as never);
});

test('a text is held once, under the digest of what is held of it', (t) => {
  const own = writer();
  const written = ['a\n', 'a\n', 'pass=hunter2\n'].map((text) => own.write(Content.of(text), false));
  const masked = 'pass=(sensitive)\n';
  t.deepEqual(written, [{content: sha('a\n')}, {content: sha('a\n')}, {content: sha(masked)}]);
  t.deepEqual(own.contents, {[sha('a\n')]: 'a\n', [sha(masked)]: masked});
});

test('of a secret there is a digest with the key, which differs by value, and nothing without a key', (t) => {
  const of = (attribute: Attribute) => writer().write(attribute, true);
  const hidden = of('hunter2');
  t.deepEqual(Object.keys(hidden ?? {}), ['sensitive', 'digest']);
  t.notDeepEqual(hidden, of('hunter3'));
  t.deepEqual(hidden, of('hunter2'));
  t.deepEqual(new ValueWriter({mask}).write('hunter2', true), {sensitive: true});
  const own = writer();
  t.like(own.write(Content.of('x', true), false), {sensitive: true});
  t.deepEqual(own.contents, {});
});

const BYTES: readonly (readonly [string, Content, object])[] = [
  ['a content that stayed on its host', new Content({sha256: 'ab', size: 3}), {sha256: 'ab', size: 3}],
  ['a text of 64 KiB', Content.of('x'.repeat(65_536)), {content: sha('x'.repeat(65_536))}],
  ['a text of more than 64 KiB', Content.of('x'.repeat(65_537)), {sha256: sha('x'.repeat(65_537)), size: 65_537}],
  ['bytes with a zero', Content.of('a\0b'), {sha256: sha('a\0b'), size: 3, binary: true}],
  [
    'bytes that are not UTF-8',
    Content.of(Buffer.from([0xff])),
    {sha256: Content.of(Buffer.from([0xff])).sha256, size: 1, binary: true},
  ],
  ['an empty text', Content.of(''), {content: sha('')}],
];

for (const [what, content, value] of BYTES) {
  test(`${what} is held by ${Object.keys(value).join(', ')}`, (t) =>
    t.deepEqual(writer().write(content, false), value as never));
}

test('bytes with a secret that is known are held as a secret: their digest could be guessed', (t) => {
  t.like(writer().write(Content.of('\0hunter2'), false), {sensitive: true});
  t.like(writer().write(Content.of(`hunter2${'x'.repeat(70_000)}`), false), {sensitive: true});
});

test('a value that is read is equal to the attribute that was written, unless it is a secret', (t) => {
  const attribute = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.string()),
    fc.string({unit: 'binary'}).map((text) => Content.of(text)),
    fc.uint8Array().map((bytes) => Content.of(bytes)),
  );
  fc.assert(
    fc.property(attribute, (each) => {
      const own = new ValueWriter({mask: (text) => text, digest});
      // Through a file, as JSON.
      const value = JSON.parse(JSON.stringify(own.write(each, false)));
      t.true(sameAttribute(readValue(value, own.contents), each));
    }),
  );
});

test('a secret is read as its mask, nothing as nothing, and bytes that are not held as bytes that are not text', (t) => {
  t.is(readValue({sensitive: true, digest: 'x'}, {}), '(sensitive)');
  t.is(readValue(undefined, {}), undefined);
  const binary = readValue({sha256: 'ab', size: 3, binary: true}, {});
  t.true(binary instanceof Content && binary.bytes?.includes(0));
  const large = readValue({sha256: 'ab', size: 3}, {});
  t.true(large instanceof Content && large.bytes === undefined);
});
