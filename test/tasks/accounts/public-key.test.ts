import test from 'ava';
import fc from 'fast-check';
import {fingerprint, parsePublicKey} from '../../../src/tasks/accounts/public-key.js';

/** A key as `ssh-keygen` writes it: the type with its length, then the rest. */
function blobOf(type: string, rest = 'rest of the key'): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.from(rest)]).toString('base64');
}

const TYPE = 'ssh-ed25519';
const BLOB = blobOf(TYPE);

const LINES: readonly [string, string, string, string][] = [
  ['a key alone', `${TYPE} ${BLOB}`, '', ''],
  ['a comment of several words', `${TYPE} ${BLOB} anna at home `, '', 'anna at home'],
  ['tabs and spaces', `\t${TYPE} \t${BLOB}\t anna`, '', 'anna'],
  ['options', `restrict,pty ${TYPE} ${BLOB} anna`, 'restrict,pty', 'anna'],
  ['options with blanks in quotes', `command="ls -l /",no-pty ${TYPE} ${BLOB}`, 'command="ls -l /",no-pty', ''],
  ['options that look like a key', `command="${TYPE} AAAA" ${TYPE} ${BLOB}`, `command="${TYPE} AAAA"`, ''],
  ['a comment that looks like a key', `${TYPE} ${BLOB} ${TYPE} ${BLOB}`, '', `${TYPE} ${BLOB}`],
];

for (const [what, line, options, comment] of LINES)
  test(`a line of authorized_keys is read: ${what}`, (t) =>
    t.deepEqual(parsePublicKey(line), {options, type: TYPE, blob: BLOB, comment}));

test('keys of every type are taken', (t) => {
  for (const type of [
    'ssh-rsa',
    'ecdsa-sha2-nistp256',
    'sk-ssh-ed25519@openssh.com',
    'ssh-ed25519-cert-v01@openssh.com',
  ])
    t.is(parsePublicKey(`${type} ${blobOf(type)}`)?.type, type);
});

const NONE: readonly [string, string][] = [
  ['nothing', ''],
  ['blanks', ' \t'],
  ['a comment', `# ${TYPE} ${BLOB}`],
  ['a comment that is indented', `  # ${TYPE} ${BLOB}`],
  ['a type without a key', TYPE],
  ['a key of another type', `ssh-rsa ${BLOB}`],
  ['a key that was cut', `${TYPE} ${BLOB.slice(0, 8)}`],
  ['a key in pieces', `${TYPE} ${BLOB.slice(0, 12)}!${BLOB.slice(12)}`],
  ['a key without its type', BLOB],
  ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
];

for (const [what, line] of NONE) test(`it is not a key: ${what}`, (t) => t.is(parsePublicKey(line), undefined));

test('any line is read without an error, and what is found is in it', (t) => {
  const words = fc.constantFrom(TYPE, BLOB, 'ssh-rsa', '#', '"', ',', 'AAAA', 'é', '\u0000', 'restrict');
  fc.assert(
    fc.property(
      fc.array(words).map((each) => each.join(' ')),
      (line) => {
        const key = parsePublicKey(line);
        if (key === undefined) return t.pass();
        t.is([key.options, key.type, key.blob, key.comment].filter(Boolean).join(' '), line.trim().replace(/ +/g, ' '));
        return t.is(key.type, TYPE);
      },
    ),
  );
});

test('a long line that a user writes takes little time', (t) => {
  const start = process.cpuUsage().user;
  t.is(parsePublicKey(`${'a '.repeat(50_000)}`), undefined);
  t.is(parsePublicKey(`a ${'A'.repeat(100_000)}!`), undefined);
  t.true(process.cpuUsage().user - start < 2e6, 'microseconds');
});

test('the fingerprint is the one that ssh-keygen prints', (t) => {
  const key = parsePublicKey('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm anna');
  t.is(key && fingerprint(key), 'SHA256:WZ64x5CuWPIPCGCuuSA1DB7xipz7cI/vWRWoqW3keDM');
});
