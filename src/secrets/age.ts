/** Why a text cannot be opened: it is encrypted for others, or it was changed after it was encrypted. */
export type Unopened = 'not-for-us' | 'damaged';

/** An age identity (a private key, `AGE-SECRET-KEY-1…`) and its recipient (the public half, `age1…`). X25519. */
export interface KeyPair {
  readonly identity: string;
  readonly recipient: string;
}

/** Encrypts a text for sound recipients: an armored age file, without a line break at its end. */
export async function seal(clear: string, recipients: readonly string[]): Promise<string> {
  const {Encrypter, armor} = await library();
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(clear)).trimEnd();
}

/** Decrypts an armored age file with the identity among these that it was made for. */
export async function unseal(armored: string, identities: readonly string[]): Promise<{clear: string} | Unopened> {
  const {Decrypter, armor} = await library();
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return {clear: await decrypter.decrypt(armor.decode(armored), 'text')};
  } catch (error) {
    // The library has no codes for its errors.
    return error instanceof Error && error.message.startsWith('no identity matched') ? 'not-for-us' : 'damaged';
  }
}

/** A new identity with its recipient. */
export async function newKeyPair(): Promise<KeyPair> {
  const {generateX25519Identity} = await library();
  const identity = await generateX25519Identity();
  return {identity, recipient: await recipientOf(identity)};
}

/** Whether the check sum of a recipient is right. */
export async function isSound(recipient: string): Promise<boolean> {
  const {Encrypter} = await library();
  try {
    new Encrypter().addRecipient(recipient);
    return true;
  } catch {
    return false;
  }
}

/** The recipient of an identity. Rejects with the library's error for a wrong identity; it does not repeat the text. */
export async function recipientOf(identity: string): Promise<string> {
  const {identityToRecipient} = await library();
  return identityToRecipient(identity);
}

/** Loaded when something is to be encrypted or decrypted: it takes an eighth of a second. */
const library = () => import('age-encryption');
