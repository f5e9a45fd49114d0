import {createPrivateKey, createPublicKey, hkdfSync} from 'node:crypto';
import {Secret} from '../../shell/index.js';

/** An SSH key pair: OpenSSH's private key file, and the line for `authorized_keys`. */
export interface SshKeyPair {
  readonly privateKey: Secret;
  readonly publicKey: string;
}

/**
 * The Ed25519 key pair of a host, derived from a secret of the project: it stays the same, and the host that
 * authorises it needs no answer from the one that has it. HKDF (RFC 5869) with SHA-256 separates the hosts.
 */
export function sshKeyPair(secret: Secret, host: string): SshKeyPair {
  const seed = Buffer.from(hkdfSync('sha256', secret.reveal(), 'infra database backup', `ssh-ed25519 ${host}`, 32));
  // RFC 8410: the PKCS #8 form of an Ed25519 key is this prefix and the seed.
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({key: der, format: 'der', type: 'pkcs8'});
  const point = createPublicKey(key).export({format: 'der', type: 'spki'}).subarray(-32);
  const comment = `database-backup@${host}`;
  const blob = Buffer.concat([field(TYPE), field(point)]);
  return {
    privateKey: new Secret(privateFile(blob, seed, point, comment)),
    publicKey: `${TYPE} ${blob.toString('base64')} ${comment}`,
  };
}

const TYPE = 'ssh-ed25519';

/** The format of OpenSSH's PROTOCOL.key, without encryption. */
function privateFile(blob: Buffer, seed: Buffer, point: Buffer, comment: string): string {
  // Two equal numbers, by which a wrong passphrase would be found; any number will do.
  const check = Buffer.from('infrinfr');
  const own = [check, field(TYPE), field(point), field(Buffer.concat([seed, point])), field(comment)];
  const length = own.reduce((sum, each) => sum + each.length, 0);
  const padding = Buffer.from(Array.from({length: -length & 7}, (_, index) => index + 1));
  const head = [Buffer.from('openssh-key-v1\0'), field('none'), field('none'), field(''), number(1)];
  const all = Buffer.concat([...head, field(blob), field(Buffer.concat([...own, padding]))]);
  const lines = all.toString('base64').match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function field(bytes: string | Buffer): Buffer {
  const content = Buffer.from(bytes);
  return Buffer.concat([number(content.length), content]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
