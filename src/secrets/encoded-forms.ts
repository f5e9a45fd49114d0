import {createHash} from 'node:crypto';

/** A text with fewer characters would be found in others by chance. */
export const shortest = 4;

/**
 * The forms by which a text in base64 is found: by itself, with the line break that `echo` adds, wrapped into lines,
 * and as part of a longer text, as in `Authorization: Basic`, where it may begin at any of three bits.
 */
export function base64Forms(clear: string): string[] {
  const bytes = Buffer.from(clear);
  const encoded = [bytes, Buffer.from(`${clear}\n`)].map((each) => each.toString('base64').replace(/=+$/, ''));
  const wrapped = WIDTHS.flatMap((width) => encoded.flatMap((text) => linesOf(text, width)));
  const all = [...encoded, ...wrapped, ...[0, 1, 2].flatMap((offset) => inner(bytes, offset))];
  return [...all, ...all.map(forUrls)];
}

const forUrls = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');

/** Line widths of PEM and of `base64`. */
const WIDTHS = [64, 76];

function linesOf(text: string, width: number): string[] {
  const lines = text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return lines.length > 1 ? lines.filter((line) => line.length >= INNER) : [];
}

/** The characters that hold only bits of the text when `offset` bytes precede it; none when they are too few. */
function inner(bytes: Buffer, offset: number): string[] {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const text = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  return text.length >= INNER ? [text] : [];
}

/** Characters below which a part of a text is not searched for. */
const INNER = 8;

/** A text in hexadecimal, without separators between its bytes. */
export function hexForms(clear: string): string[] {
  const hex = Buffer.from(clear).toString('hex');
  return hex.length < 2 * shortest ? [] : [hex, hex.toUpperCase()];
}

/**
 * The unsalted hashes of a secret that tools print: by itself and with the line break that `echo` adds, in hexadecimal
 * and in base64 (as `{SHA}` of htpasswd and LDAP), and those of `mysql_native_password` and NTLM. A hash does not
 * reveal the secret at once, but with it an attacker can try words as fast as a machine can.
 */
export function hashForms(clear: string): string[] {
  const others = [digest('sha1', digest('sha1', clear)), md4(Buffer.from(clear, 'utf16le'))];
  const plain = ALGORITHMS.flatMap((algorithm) => [clear, `${clear}\n`].map((text) => digest(algorithm, text)));
  return [
    ...[...others, ...plain].flatMap((bytes) => [bytes.toString('hex'), bytes.toString('hex').toUpperCase()]),
    ...plain.map((bytes) => bytes.toString('base64').replace(/=+$/, '')),
  ];
}

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

const digest = (algorithm: string, of: string | Buffer) => createHash(algorithm).update(of).digest();

/** MD4 (RFC 1320), which NTLM uses and OpenSSL no longer has. */
export function md4(bytes: Buffer): Buffer {
  const padded = Buffer.alloc(Math.ceil((bytes.length + 9) / 64) * 64);
  bytes.copy(padded);
  padded.writeUInt8(0x80, bytes.length);
  padded.writeBigUInt64LE(BigInt(bytes.length) * 8n, padded.length - 8);
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < padded.length; block += 64) {
    const mixed = mix(state, (word) => padded.readUInt32LE(block + 4 * word));
    state = state.map((each, at) => (each + (mixed[at] ?? 0)) >>> 0);
  }
  const digest = Buffer.alloc(16);
  for (const [at, each] of state.entries()) digest.writeUInt32LE(each, 4 * at);
  return digest;
}

/** The function, the constant, the order of the words and the rotations of a round. */
type Round = readonly [(x: number, y: number, z: number) => number, number, readonly number[], readonly number[]];

const RISING = Array.from({length: 16}, (_, at) => at);

const ROUNDS: readonly Round[] = [
  [(x, y, z) => (x & y) | (~x & z), 0, RISING, [3, 7, 11, 19]],
  [(x, y, z) => (x & y) | (x & z) | (y & z), 0x5a827999, RISING.map((at) => (at % 4) * 4 + (at >> 2)), [3, 5, 9, 13]],
  [(x, y, z) => x ^ y ^ z, 0x6ed9eba1, [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], [3, 9, 11, 15]],
];

function mix(state: readonly number[], wordAt: (word: number) => number): number[] {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (const [join, constant, order, shifts] of ROUNDS) {
    for (const [step, word] of order.entries()) {
      const sum = (a + join(b, c, d) + wordAt(word) + constant) >>> 0;
      const shift = shifts[step % 4] ?? 0;
      [a, b, c, d] = [d, ((sum << shift) | (sum >>> (32 - shift))) >>> 0, b, c];
    }
  }
  return [a, b, c, d];
}
