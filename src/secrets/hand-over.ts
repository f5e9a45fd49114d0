import {createCipheriv, createHmac, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync} from 'node:crypto';
import type {Unopened} from './age.js';
import {newKeyPair} from './age.js';

/** An age header in which the file's key is encrypted for one recipient, made for this file alone. */
export interface HandedOver {
  /** It replaces the file's own header; the rest of the file stays as it is. */
  readonly header: string;
  /** Bytes of the old header. */
  readonly oldSize: number;
}

/** A new identity that opens what is handed over to it. */
export const oneTimeIdentity = newKeyPair;

/**
 * Hands over the key of one encrypted file: its header (the lines up to `--- `) is opened with our identities, and its
 * key encrypted again for `recipient` (native X25519, as https://age-encryption.org/v1 defines it). The user who has that
 * recipient's identity can decrypt this file and no other: our identity stays here.
 */
export async function handOver(
  header: string,
  identities: readonly string[],
  recipient: string,
): Promise<HandedOver | Unopened> {
  const {Decrypter} = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  const old = Buffer.from(header);
  try {
    const key = await decrypter.decryptHeader(old);
    return {header: renderHeader(key, pointOf(recipient)), oldSize: old.length};
  } catch (error) {
    // The library has no codes for its errors.
    return error instanceof Error && error.message.startsWith('no identity matched') ? 'not-for-us' : 'damaged';
  }
}

function renderHeader(fileKey: Uint8Array, point: Buffer): string {
  const {share, body} = wrap(fileKey, point);
  const text = `age-encryption.org/v1\n-> X25519 ${plain64(share)}\n${plain64(body)}\n---`;
  const key = Buffer.from(hkdfSync('sha256', fileKey, '', 'header', 32));
  return `${text} ${plain64(createHmac('sha256', key).update(text).digest())}\n`;
}

/** The file's key for the recipient with this public key. Its nonce is zero: the wrapping key is used once. */
function wrap(fileKey: Uint8Array, point: Buffer): {share: Buffer; body: Buffer} {
  const own = generateKeyPairSync('x25519');
  const share = own.publicKey.export({format: 'der', type: 'spki'}).subarray(-32);
  // RFC 8410: the SPKI form of an X25519 key is this prefix and the key.
  const der = Buffer.concat([Buffer.from('302a300506032b656e032100', 'hex'), point]);
  const publicKey = createPublicKey({key: der, format: 'der', type: 'spki'});
  const shared = diffieHellman({privateKey: own.privateKey, publicKey});
  const salt = Buffer.concat([share, point]);
  const key = Buffer.from(hkdfSync('sha256', shared, salt, 'age-encryption.org/v1/X25519', 32));
  const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), {authTagLength: 16});
  return {share, body: Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])};
}

const plain64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** The 32 bytes in a recipient `age1…`, whose check sum has been verified: 5 bits a character (BIP 173). */
function pointOf(recipient: string): Buffer {
  const bits = [...recipient.slice(4, -6)].map((each) => ALPHABET.indexOf(each).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.slice(0, 256).match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
