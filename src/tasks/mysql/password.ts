import {createHash, scryptSync, timingSafeEqual} from 'node:crypto';
import {Secret} from '../../shell/index.js';

/** What MariaDB's `mysql_native_password` stores: `*` and SHA1(SHA1(password)) in upper-case hexadecimal. */
export function nativeHash(password: Secret): Secret {
  const once = createHash('sha1').update(password.reveal()).digest();
  return new Secret(`*${createHash('sha1').update(once).digest('hex').toUpperCase()}`);
}

/**
 * What MySQL's `caching_sha2_password` stores, as hexadecimal digits: `$A$005$`, 20 bytes of salt, 43 characters of
 * SHA-256 crypt with 5000 rounds. The salt comes from the account and the password, so that a plan is the same every
 * time; scrypt makes it no shorter way to guess the password than the hash itself.
 */
export function cachingSha2Hash(password: Secret, account: string): Secret {
  const bytes = scryptSync(password.reveal(), account, SALT);
  const salt = Buffer.from(bytes.map((byte) => SALT_CHARACTERS.charCodeAt(byte & 63)));
  return new Secret(render(password, '005', salt).toString('hex').toUpperCase());
}

/**
 * Whether `stored`, the bytes that `mysql.user` holds, is of this password. One with more rounds than
 * {@link MOST_ROUNDS} was not made here: it is not computed, as a host may name any number and the work is done here.
 */
export function isCachingSha2Of(stored: Buffer, password: Secret): boolean {
  const rounds = /^\$A\$([0-9A-F]{3})\$/i.exec(stored.toString('latin1'))?.[1];
  if (rounds === undefined || stored.length !== PREFIX + SALT + DIGEST) return false;
  if (Number.parseInt(rounds, 16) > MOST_ROUNDS) return false;
  return timingSafeEqual(render(password, rounds, stored.subarray(PREFIX, PREFIX + SALT)), stored);
}

function render(password: Secret, rounds: string, salt: Buffer): Buffer {
  const digest = sha256Crypt(Buffer.from(password.reveal()), salt, Number.parseInt(rounds, 16) * 1000);
  return Buffer.concat([Buffer.from(`$A$${rounds}$`), salt, Buffer.from(digest)]);
}

/** In thousands: ten times what servers use unless told otherwise. */
const MOST_ROUNDS = 50;

const PREFIX = '$A$005$'.length;
const SALT = 20;
const DIGEST = 43;
const SALT_CHARACTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The digest part of Ulrich Drepper's SHA-256 crypt: 43 characters for a password, a salt and a number of rounds.
 * Differs from crypt(3) in one thing: the salt is taken as it is, where crypt(3) cuts it to 16 bytes, because MySQL's
 * `caching_sha2_password` uses 20. https://www.akkadia.org/drepper/SHA-crypt.txt numbers the steps.
 */
export function sha256Crypt(password: Uint8Array, salt: Uint8Array, rounds: number): string {
  const start = sha256(password, salt, stretched(alternate(password, salt), password.length), ...bits(password, salt));
  const p = stretched(sha256(...repeated(password, password.length)), password.length);
  const s = stretched(sha256(...repeated(salt, 16 + (start[0] ?? 0))), salt.length);
  let digest = start;
  for (let round = 0; round < rounds; round += 1) digest = sha256(...turn(digest, p, s, round));
  return encode(digest);
}

/** Digest B, steps 4 to 8. */
const alternate = (password: Uint8Array, salt: Uint8Array) => sha256(password, salt, password);

/** Step 11: for each bit of the password's length, lowest first, digest B for 1 and the password for 0. */
function bits(password: Uint8Array, salt: Uint8Array): Uint8Array[] {
  const b = alternate(password, salt);
  const parts: Uint8Array[] = [];
  for (let rest = password.length; rest > 0; rest >>= 1) parts.push(rest & 1 ? b : password);
  return parts;
}

/** Step 21. */
function turn(digest: Uint8Array, p: Uint8Array, s: Uint8Array, round: number): Uint8Array[] {
  const parts = [round % 2 === 1 ? p : digest];
  if (round % 3 !== 0) parts.push(s);
  if (round % 7 !== 0) parts.push(p);
  parts.push(round % 2 === 1 ? digest : p);
  return parts;
}

/** A digest repeated and cut to a length. */
function stretched(digest: Uint8Array, length: number): Uint8Array {
  return Buffer.alloc(length, digest);
}

const repeated = (bytes: Uint8Array, times: number): Uint8Array[] => new Array<Uint8Array>(times).fill(bytes);

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Step 22: bytes 0, 10, 20 make four characters, then each index moves on by 21 modulo 30; bytes 31 and 30 make three.
 */
function encode(digest: Buffer): string {
  const at = (index: number) => digest[index] ?? 0;
  let text = '';
  for (let step = 0; step < 10; step += 1) {
    const [first, second, third] = [0, 10, 20].map((offset) => (offset + step * 21) % 30);
    text += characters((at(first ?? 0) << 16) | (at(second ?? 0) << 8) | at(third ?? 0), 4);
  }
  return text + characters((at(31) << 8) | at(30), 3);
}

function characters(value: number, count: number): string {
  return Array.from({length: count}, (_, index) => ALPHABET[(value >> (6 * index)) & 63]).join('');
}
