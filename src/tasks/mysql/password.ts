import {createHash, scryptSync, timingSafeEqual} from 'node:crypto';
import {Secret} from '../../shell/index.js';
import {sha256Crypt} from './sha256-crypt.js';

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
 * Whether `stored`, the bytes that `mysql.user` holds, is of this password. One with more rounds than {@link MOST_ROUNDS}
 * is none of ours: it is not computed, as a host may name any number and the work is done here.
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
