/** MD4 (RFC 1320), which OpenSSL has no more and NTLM is made of. */
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

type Round = readonly [(x: number, y: number, z: number) => number, number, readonly number[], readonly number[]];

const RISING = Array.from({length: 16}, (_, at) => at);

/** The function, the constant, the order of the words and how far it rotates. */
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
