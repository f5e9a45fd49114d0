import fc from 'fast-check';

/** Words that parsers stumble over. */
const HOSTILE: readonly string[] = [
  ...['', ' ', '\0', '\n', '\r\n', '\t', '=', ':', ',', '/', '..', "'", '"', '`', '\\', '%zz', '%', '%E0%A4%A'],
  ...['-1', '0', '-0', '1e999', '999999999999999999999999', '0x7fffffffffffffff', 'NaN', 'Infinity', 'null', 'NULL'],
  ...[
    '{',
    '}',
    '[]',
    '{}',
    '[',
    '"',
    '{"a":',
    '[[[[[[[[',
    'true',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
  ],
  ...[
    '\ufffd',
    '\ud800',
    '\u202e',
    '\u001b[2J',
    '💥',
    'ä',
    '\u2028',
    '(((((',
    '$(reboot)',
    '-----BEGIN CERTIFICATE-----',
  ],
  ...['no', 'yes', 'absent', 'present', '*'.repeat(30), 'a'.repeat(3000), '%41'.repeat(500), '\\'.repeat(1001)],
];

const hostile = fc.constantFrom(...HOSTILE);
const place = fc.double({min: 0, max: 1, noNaN: true});

/** One thing that may go wrong with an answer on its way, or that a hostile host does to it. */
type Spoiling = (text: string) => string;

const at = (text: string, share: number) => Math.floor(share * text.length);
const lineAt = (lines: readonly string[], share: number) =>
  Math.min(lines.length - 1, Math.floor(share * lines.length));
const onLines =
  (edit: (lines: string[]) => string[]): Spoiling =>
  (text) =>
    edit(text.split('\n')).join('\n');

const spoiling: fc.Arbitrary<Spoiling> = fc.oneof(
  fc.tuple(place).map(
    ([share]): Spoiling =>
      (text) =>
        text.slice(0, at(text, share)),
  ),
  fc.tuple(place).map(
    ([share]): Spoiling =>
      (text) =>
        text.slice(at(text, share)),
  ),
  fc.constant<Spoiling>((text) => text + text),
  fc.tuple(place, hostile).map(
    ([share, word]): Spoiling =>
      (text) =>
        text.slice(0, at(text, share)) + word + text.slice(at(text, share)),
  ),
  fc.tuple(place, fc.uint8Array({maxLength: 20})).map(
    ([share, bytes]): Spoiling =>
      (text) =>
        text.slice(0, at(text, share)) + Buffer.from(bytes).toString() + text.slice(at(text, share)),
  ),
  fc.tuple(place).map(([share]): Spoiling => onLines((lines) => lines.toSpliced(lineAt(lines, share), 1))),
  fc
    .tuple(place)
    .map(
      ([share]): Spoiling =>
        onLines((lines) => lines.toSpliced(lineAt(lines, share), 0, lines[lineAt(lines, share)] ?? '')),
    ),
  fc.constant<Spoiling>(onLines((lines) => lines.toReversed())),
  fc.tuple(place, place, hostile).map(
    ([line, word, by]): Spoiling =>
      onLines((lines) => {
        const words = (lines[lineAt(lines, line)] ?? '').split(/(?<=[ :=,/\t"])/);
        return lines.with(lineAt(lines, line), words.with(lineAt(words, word), by).join(''));
      }),
  ),
  hostile.map(
    (word): Spoiling =>
      (text) =>
        text.replaceAll(/\d+/g, word),
  ),
  hostile.map(
    (word): Spoiling =>
      (text) =>
        text.replace(/\S+\s*$/, word),
  ),
);

/** A text after a few things have gone wrong with it; sometimes another one altogether. */
export function spoiled(text: string): fc.Arbitrary<string> {
  const bent = fc
    .array(spoiling, {minLength: 1, maxLength: 3})
    .map((all) => all.reduce((rest, each) => each(rest), text));
  const other = fc.oneof(
    fc.string({unit: 'binary', maxLength: 60}),
    fc.array(hostile, {maxLength: 8}).map((all) => all.join('')),
  );
  return fc.oneof({weight: 9, arbitrary: bent}, {weight: 1, arbitrary: other});
}
