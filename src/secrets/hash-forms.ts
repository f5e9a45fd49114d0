import {createHash} from 'node:crypto';
import {md4} from './md4.js';

/**
 * The unsalted hashes of a secret that tools print: by itself and with the line break that `echo` adds, in hexadecimal
 * and in base64 (as `{SHA}` of htpasswd and LDAP), and those of `mysql_native_password` and NTLM. They give nothing away at
 * once, but whoever has one can try words as fast as a machine can.
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
